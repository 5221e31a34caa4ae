/* What a click, a badge, a line of a list or the Escape key selects. */

/** @typedef {{here: string|null, there: string|null}} Chosen */
/** @typedef {{symbol?: {key: string, isHere: boolean}, ribbon?: {here: {node: {key: string}}, there: {node: {key: string}}}}} Target */

/**
 * The selection after something was pointed at: a ribbon selects its link; a second click on the other side makes a
 * link of the two, on the same side it changes the choice; the sea clears.
 * @param {Chosen} chosen
 * @param {Target|null} target
 * @returns {Chosen}
 */
export function chosenAfter({ here, there }, target) {
  if (target?.ribbon) return { here: target.ribbon.here.node.key, there: target.ribbon.there.node.key };
  if (!target?.symbol) return { here: null, there: null };
  const { key, isHere } = target.symbol;
  if (isHere) return { here: key, there: here ? null : there };
  return { here: there ? null : here, there: key };
}

/**
 * What the Escape key leaves of a selection: a link goes back to its end here, a territory to nothing.
 * @param {Chosen} chosen
 * @returns {Chosen}
 */
export function chosenBefore({ here, there }) {
  return here && there ? { here, there: null } : { here: null, there: null };
}
