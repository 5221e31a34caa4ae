/* Where badges stand on the edge of the part of the map in sight. Boxes are [left, top, right, bottom], in pixels. */

import { overlap } from "./boxes.js";

/** @typedef {import("./types.d.ts").PixelBox} PixelBox */

const SLIDE = 12; // pixels between two tries along the edge
const AIR = 4; // pixels between two badges
const FARTHEST = 0.33; // of the way round the edge: a badge farther from its direction would mislead
const EXCHANGES = 6; // rounds of exchanges between badges

/**
 * A box and the air around it.
 * @param {PixelBox} box
 * @returns {PixelBox}
 */
export const around = ([left, top, right, bottom]) => [left - AIR, top - AIR, right + AIR, bottom + AIR];

/**
 * @param {PixelBox} box
 * @returns {[number, number]}
 */
export const middleOf = ([left, top, right, bottom]) => [(left + right) / 2, (top + bottom) / 2];

/**
 * Exchange the places of badges as long as it brings them nearer to their true direction: their ribbons cross less.
 * @param {{far: {x: number, y: number}, box: PixelBox}[]} badges
 * @param {PixelBox} frame
 * @param {PixelBox[]} controls
 * @param {PixelBox[]} symbols
 */
export function untangle(badges, frame, controls, symbols) {
  const aims = badges.map(({ far, box }) => middleOf(/** @type {PixelBox} */ (spotFor(far, sizeOfBox(box), frame, []))));
  const away = (/** @type {number} */ i, /** @type {PixelBox} */ box) => {
    const [x, y] = middleOf(box);
    return (x - aims[i][0]) ** 2 + (y - aims[i][1]) ** 2; // squared: one far away is worse than two a little
  };
  for (let pass = 0; pass < EXCHANGES; pass += 1) {
    let isChanged = false;
    for (let i = 0; i < badges.length; i += 1) {
      for (let j = i + 1; j < badges.length; j += 1) {
        const [one, other] = [badges[i].box, badges[j].box];
        const [mine, its] = [inPlaceOf(one, other, frame), inPlaceOf(other, one, frame)];
        if (away(i, mine) + away(j, its) >= away(i, one) + away(j, other) - 1) continue;
        const others = badges.filter((_, k) => k !== i && k !== j).map(({ box }) => around(box));
        const taken = [...controls, ...symbols, ...others];
        const fits = (/** @type {PixelBox} */ box) => isWithin(box, frame) && isFree(box, taken);
        if (overlap(mine, around(its)) || !fits(mine) || !fits(its)) continue;
        [badges[i].box, badges[j].box] = [mine, its];
        isChanged = true;
      }
    }
    if (!isChanged) return;
  }
}

/**
 * @param {PixelBox} box
 * @returns {[number, number]}
 */
const sizeOfBox = ([left, top, right, bottom]) => [right - left, bottom - top];

/**
 * @param {PixelBox} box
 * @param {PixelBox} frame
 */
const isWithin = (box, frame) =>
  box[0] >= frame[0] - 1 && box[1] >= frame[1] - 1 && box[2] <= frame[2] + 1 && box[3] <= frame[3] + 1;

/**
 * A box of the size of the first at the place of the second, on the same side of the frame.
 * @param {PixelBox} box
 * @param {PixelBox} place
 * @param {PixelBox} frame
 * @returns {PixelBox}
 */
function inPlaceOf(box, place, frame) {
  const [width, height] = sizeOfBox(box);
  const [x, y] = middleOf(place);
  const left = place[0] <= frame[0] + 1 ? place[0] : place[2] >= frame[2] - 1 ? place[2] - width : Math.round(x - width / 2);
  const top = place[1] <= frame[1] + 1 ? place[1] : place[3] >= frame[3] - 1 ? place[3] - height : Math.round(y - height / 2);
  return [left, top, left + width, top + height];
}

/**
 * The corner of the frame that is free, bottom left first; null when there is none.
 * @param {[number, number]} size
 * @param {PixelBox} frame
 * @param {PixelBox[]} taken
 * @returns {PixelBox|null}
 */
export function cornerFor([width, height], [left, top, right, bottom], taken) {
  for (let y = bottom - height; y >= top; y -= SLIDE) {
    for (const x of [left, right - width]) {
      /** @type {PixelBox} */
      const box = [x, y, x + width, y + height];
      if (isFree(box, taken)) return box;
    }
  }
  return null;
}

/**
 * Box of a size on the edge of the frame, towards a point, then as near as there is room; null when that is too far.
 * @param {{x: number, y: number}} point
 * @param {[number, number]} size
 * @param {PixelBox} frame
 * @param {PixelBox[]} taken
 * @returns {PixelBox|null}
 */
export function spotFor({ x, y }, [width, height], [left, top, right, bottom], taken) {
  const [middleX, middleY] = [(left + right) / 2, (top + bottom) / 2];
  const [halfX, halfY] = [(right - left - width) / 2, (bottom - top - height) / 2];
  if (halfX <= 0 || halfY <= 0) return null;
  const [dx, dy] = [x - middleX, y - middleY];
  const scale = 1 / Math.max(Math.abs(dx) / halfX, Math.abs(dy) / halfY, 1e-6);
  const turn = 4 * (halfX + halfY);
  const start = alongOf(dx * scale, dy * scale, halfX, halfY);
  for (let step = 0; step <= FARTHEST * turn; step += SLIDE) {
    for (const way of step ? [1, -1] : [1]) {
      const [px, py] = pointAlong((((start + way * step) % turn) + turn) % turn, halfX, halfY);
      const [x0, y0] = [Math.round(middleX + px - width / 2), Math.round(middleY + py - height / 2)];
      /** @type {PixelBox} */
      const box = [x0, y0, x0 + width, y0 + height];
      if (isFree(box, taken)) return box;
    }
  }
  return null;
}

/**
 * A point of the edge as a length walked clockwise from its top left corner.
 * @param {number} x
 * @param {number} y
 * @param {number} halfX
 * @param {number} halfY
 */
function alongOf(x, y, halfX, halfY) {
  if (y <= -halfY + 0.5) return x + halfX;
  if (x >= halfX - 0.5) return 2 * halfX + y + halfY;
  if (y >= halfY - 0.5) return 2 * halfX + 2 * halfY + (halfX - x);
  return 4 * halfX + 2 * halfY + (halfY - y);
}

/**
 * And back.
 * @param {number} length
 * @param {number} halfX
 * @param {number} halfY
 */
function pointAlong(length, halfX, halfY) {
  if (length < 2 * halfX) return [length - halfX, -halfY];
  if (length < 2 * halfX + 2 * halfY) return [halfX, length - 2 * halfX - halfY];
  if (length < 4 * halfX + 2 * halfY) return [halfX - (length - 2 * halfX - 2 * halfY), halfY];
  return [-halfX, halfY - (length - 4 * halfX - 2 * halfY)];
}

/**
 * @param {PixelBox} box
 * @param {PixelBox[]} taken
 */
const isFree = (box, taken) => !taken.some((one) => overlap(box, one));
