/* What is said of each number: how it comes about, and the chain rule's product for its gradient. */
import {written} from "./numbers.js";

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
const factor = number => (number + 0 < 0 ? `(${written(number)})` : written(number));
const product = numbers => numbers.map(factor).join(" · ");

/* A number's name, for the eye and for screen readers. */
export function nameOf(key) {
  const [name, first, second] = key.split("-");
  return {
    x: `input x${SUBSCRIPTS[first]}`,
    w: `weight w from x${SUBSCRIPTS[first]} to unit ${second}`,
    b: `bias b of unit ${first}`,
    z: `sum z of unit ${first}`,
    h: `output h of unit ${first}`,
    v: `weight v from unit ${first} to ŷ`,
    c: "bias b of the output",
    ŷ: "output ŷ",
    y: "target y",
    L: "loss L",
  }[name];
}

/* How the value comes about; "" for what is given. */
export function valueOf(key, {values}, D, H) {
  const [name, h] = key.split("-");
  const sum = (terms, bias) => `${terms.map(product).join(" + ")} + ${factor(bias)}`;
  const range = n => Array.from({length: n}, (_, i) => i + 1);
  const shown = written(values[key]);
  switch (name) {
    case "z": return `z = Σ w x + b\n= ${sum(range(D).map(d => [values[`w-${d}-${h}`], values[`x-${d}`]]), values[`b-${h}`])} = ${shown}`;
    case "h": return `h = max(z, 0)\n= max(${written(values[`z-${h}`])}, 0) = ${shown}`;
    case "ŷ": return `ŷ = Σ v h + b\n= ${sum(range(H).map(h => [values[`v-${h}`], values[`h-${h}`]]), values.c)} = ${shown}`;
    case "L": return `L = ½ (ŷ − y)²\n= ½ (${written(values.ŷ)} − ${factor(values.y)})² = ${shown}`;
    default: return "";
  }
}

/* The chain rule's product, in ratios, in letters and in numbers, a line each; "" where there is none. */
export function gradientOf(key, {values, gradients}, H) {
  const [name, first, second] = key.split("-");
  const unit = name === "w" ? second : first;
  const e = gradients.ŷ, v = values[`v-${unit}`], gate = +(values[`z-${unit}`] > 0);
  const says = (letters, ratios, numbers) =>
    `∂L/∂${name === "c" ? "b" : name} = ${ratios}\n= ${letters}\n= ${product(numbers)} = ${written(gradients[key])}`;
  switch (name) {
    case "w": return says("(ŷ − y) · v · [z > 0] · x", "∂L/∂ŷ · ∂ŷ/∂h · ∂h/∂z · ∂z/∂w", [e, v, gate, values[`x-${first}`]]);
    case "b": return says("(ŷ − y) · v · [z > 0] · 1", "∂L/∂ŷ · ∂ŷ/∂h · ∂h/∂z · ∂z/∂b", [e, v, gate, 1]);
    case "z": return says("(ŷ − y) · v · [z > 0]", "∂L/∂ŷ · ∂ŷ/∂h · ∂h/∂z", [e, v, gate]);
    case "h": return says("(ŷ − y) · v", "∂L/∂ŷ · ∂ŷ/∂h", [e, v]);
    case "v": return says("(ŷ − y) · h", "∂L/∂ŷ · ∂ŷ/∂v", [e, values[`h-${first}`]]);
    case "c": return says("(ŷ − y) · 1", "∂L/∂ŷ · ∂ŷ/∂b", [e, 1]);
    case "ŷ": return `∂L/∂ŷ = ŷ − y\n= ${written(values.ŷ)} − ${factor(values.y)} = ${written(e)}`;
    case "x": {
      const shares = Array.from({length: H}, (_, h) => product([gradients[`z-${h + 1}`], values[`w-${first}-${h + 1}`]]));
      return `∂L/∂x${SUBSCRIPTS[first]} = Σ ∂L/∂z · w, over the units it feeds\n= ${shares.join(" + ")} = ${written(gradients[key])}`;
    }
    default: return "";
  }
}

/* What is said while nothing is asked. */
export function summary({x}, {values}) {
  return `x = (${x.map(written).join(", ")}) becomes ŷ = ${written(values.ŷ)}; the target is ${written(values.y)}, `
    + `so L = ${written(values.L)}. Bold: values. Orange: gradients.`;
}
