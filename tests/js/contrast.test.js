import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const css = (name) => readFileSync(new URL(`../../static/css/${name}.css`, import.meta.url), "utf8");

/** Custom properties with a colour, of both themes: the dark ones come second in their file. */
function tokensOf(theme) {
  const tokens = new Map();
  for (const name of ["tokens", "map-colours"]) {
    const [light, dark = ""] = css(name).split(/prefers-color-scheme: dark\)/);
    const more = dark.split("@media")[0];
    for (const text of theme === "dark" ? [light, more] : [light]) {
      for (const [, token, colour] of text.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6})/gi)) tokens.set(token, colour);
    }
  }
  return tokens;
}

function luminance(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

for (const theme of ["light", "dark"]) {
  const tokens = tokensOf(theme);
  const ratio = (one, other) => contrast(tokens.get(one), tokens.get(other));

  test(`the disc and the diamond stand out four to one on land and sea (${theme})`, () => {
    for (const side of ["--here", "--there"]) {
      for (const ground of ["--map-land", "--map-sea", "--map-france"]) {
        assert.ok(ratio(side, ground) >= 4, `${side} on ${ground}: ${ratio(side, ground).toFixed(2)}`);
      }
    }
  });

  test(`names and counts are read on their halo, and the number in a disc (${theme})`, () => {
    for (const text of ["--here", "--there", "--ink-2"]) {
      assert.ok(ratio(text, "--map-halo") >= 4.5, `${text}: ${ratio(text, "--map-halo").toFixed(2)}`);
    }
    assert.ok(ratio("--map-on-symbol", "--here") >= 4.5);
  });

  test(`the two ends weigh the same (${theme})`, () => {
    const [here, there] = [ratio("--here", "--map-land"), ratio("--there", "--map-land")];
    assert.ok(Math.max(here, there) / Math.min(here, there) < 1.25, `${here.toFixed(2)} and ${there.toFixed(2)}`);
  });

  test(`names of the ground are read where they are written (${theme})`, () => {
    assert.ok(ratio("--map-ground-name", "--map-halo") >= 4.5);
    assert.ok(ratio("--map-sea-name", "--map-sea") >= 4.5, ratio("--map-sea-name", "--map-sea").toFixed(2));
  });
}
