/* What happens one after the other: each step makes some numbers known and lights what it runs over. */

/* [{known: [key], lit: [edge or node], about: key}, …] of one direction; D inputs, H units. */
export function steps(direction, D, H) {
  const inputs = range(D), units = range(H);
  if (direction === "forward") {
    return [
      ...units.map(h => ({known: [`z-${h}`], lit: [...inputs.map(d => `w-${d}-${h}`), `b-${h}`], about: `z-${h}`})),
      ...units.map(h => ({known: [`h-${h}`], lit: [`h-${h}`], about: `h-${h}`})),
      {known: ["ŷ"], lit: [...units.map(h => `v-${h}`), "c"], about: "ŷ"},
      {known: ["L"], lit: ["L"], about: "L"},
    ];
  }
  return [
    {known: ["ŷ", "c"], lit: ["L"], about: "ŷ"},
    ...units.map(h => ({known: [`v-${h}`], lit: [`v-${h}`], about: `v-${h}`})),
    ...units.map(h => ({known: [`h-${h}`], lit: [`v-${h}`], about: `h-${h}`})),
    ...units.map(h => ({known: [`z-${h}`, `b-${h}`], lit: [`h-${h}`], about: `z-${h}`})),
    ...units.flatMap(h => inputs.map(d => ({known: [`w-${d}-${h}`], lit: [`w-${d}-${h}`], about: `w-${d}-${h}`}))),
    ...inputs.map(d => ({known: [`x-${d}`], lit: units.map(h => `w-${d}-${h}`), about: `x-${d}`})),
  ];
}

/* The edges over which a number reaches the loss. */
export function wayToTheLoss(key, H) {
  const [name, first, second] = key.split("-");
  const from = h => [`h-${h}`, `v-${h}`, "L"];
  return {
    x: () => ["L", ...range(H).flatMap(h => [`w-${first}-${h}`, ...from(h)])],
    w: () => [key, ...from(second)],
    b: () => from(first),
    z: () => from(first),
    h: () => [`v-${first}`, "L"],
    v: () => [key, "L"],
  }[name]?.() ?? ["L"];
}

const range = n => Array.from({length: n}, (_, i) => i + 1);
