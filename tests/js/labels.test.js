import assert from "node:assert/strict";
import { before, test } from "node:test";

import { crosses, overlap } from "../../static/js/map/boxes.js";
import { Labels } from "../../static/js/map/labels.js";
import { bundleRibbons } from "../../static/js/map/curves.js";
import { randomOf } from "./random.js";

const [WIDTH, HEIGHT] = [390, 600];
const context = { font: "", measureText: (text) => ({ width: text.length * 7 }) };

before(() => {
  globalThis.document = { documentElement: null };
  globalThis.getComputedStyle = () => ({ getPropertyValue: () => "sans-serif" });
});

function crowd(random, count) {
  return Array.from({ length: count }, (_, i) => {
    const [x, y, r] = [random() * WIDTH, random() * HEIGHT, 4 + random() * 8];
    return { x, y, r, box: [x - r, y - r, x + r, y + r], text: "N".repeat(4 + (i % 12)) };
  });
}

const lengthOf = ({ wording }) => wording.text.length * 7;
const boxOf = (one) => [one.spot.x, one.spot.y, one.spot.x + lengthOf(one), one.spot.y + 17];

test("no label is cut, over a symbol, over a control or over another label, and no line crosses any of them", () => {
  const random = randomOf(31);
  for (let round = 0; round < 40; round += 1) {
    const controls = [[0, 0, 150, 60], [300, 100, 390, 160]];
    const symbols = crowd(random, 70);
    const labels = new Labels(context, WIDTH, HEIGHT, controls);
    for (const symbol of symbols) labels.take(symbol.box);
    for (const symbol of symbols) {
      labels.place(symbol, { text: symbol.text, colour: "", radius: symbol.r, own: symbol.box, leader: 100 });
    }
    const placed = labels.placed.map((one) => ({ ...one, box: boxOf(one), own: one.wording.own }));
    assert.ok(placed.length > 5);
    placed.forEach((one, i) => {
      assert.ok(one.box[0] >= 5 && one.box[1] >= 3 && one.box[2] <= WIDTH - 5 && one.box[3] <= HEIGHT - 3);
      const others = symbols.filter(({ box }) => box !== one.own).map(({ box }) => box);
      for (const taken of [...controls, ...others]) {
        assert.ok(!overlap(one.box, taken));
        assert.ok(!one.spot.line || !crosses(one.spot.line, taken));
      }
      placed.forEach((other, j) => {
        if (i === j) return;
        assert.ok(!overlap(one.box, other.box));
        assert.ok(!other.spot.line || !crosses(other.spot.line, one.box));
      });
    });
  }
});

test("a label goes where there are no ribbons", () => {
  const labels = new Labels(context, WIDTH, HEIGHT);
  const [ribbon] = bundleRibbons([{ here: { x: 200, y: 300 }, there: { x: 380, y: 300 }, count: 1, width: 30 }]);
  labels.cover.mark(ribbon);
  labels.place({ x: 200, y: 300 }, { text: "Quimper", colour: "", radius: 6 });
  assert.ok(labels.placed[0].spot.x + 49 <= 200);
});

test("a name of the ground gives way to ribbons and to names", () => {
  const labels = new Labels({ ...context, fillText() {}, strokeText() {} }, WIDTH, HEIGHT);
  labels.place({ x: 200, y: 300 }, { text: "Quimper", colour: "", radius: 6 });
  const style = { font: "x", colour: "", halo: 0 };
  assert.equal(labels.ground("Bretagne", 230, 300, style), false);
  assert.equal(labels.ground("Bretagne", 100, 100, style), true);
});

test("without room there is no label", () => {
  const labels = new Labels(context, WIDTH, HEIGHT, [[0, 0, WIDTH, HEIGHT]]);
  assert.equal(labels.place({ x: 200, y: 300 }, { text: "Quimper", colour: "", radius: 6, leader: 100 }), false);
});

test("places are forgotten to be tried in another order", () => {
  const labels = new Labels(context, WIDTH, HEIGHT);
  labels.place({ x: 200, y: 300 }, { text: "Quimper", colour: "", radius: 6 });
  labels.clear();
  assert.equal(labels.placed.length, 0);
  assert.equal(labels.place({ x: 200, y: 300 }, { text: "Quimper", colour: "", radius: 6 }), true);
});
