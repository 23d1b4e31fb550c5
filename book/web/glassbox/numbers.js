/* The network's numbers: forward and backward by the formulas of chapters 4 and 5, for one example.
   network: {x, W1, b1, W2, b2, y}; keys as in book/glassbox.py. */

/* Every value and every gradient: {values: {key: number}, gradients: {key: number}}. */
export function numbers({x, W1, b1, W2, b2, y}) {
  const sum = list => list.reduce((a, b) => a + b, 0);
  const z = b1.map((b, h) => sum(x.map((x, d) => x * W1[d][h])) + b);
  const hidden = z.map(z => Math.max(z, 0));
  const output = sum(hidden.map((hidden, h) => hidden * W2[h])) + b2;
  const L = (output - y) ** 2 / 2;

  const dOutput = output - y;
  const dHidden = W2.map(v => dOutput * v);
  const dz = dHidden.map((dHidden, h) => dHidden * (z[h] > 0));
  const dx = x.map((_, d) => sum(dz.map((dz, h) => dz * W1[d][h])));

  const values = {c: b2, ŷ: output, y, L};
  const gradients = {c: dOutput, ŷ: dOutput};
  const put = (key, value, gradient) => {
    values[key] = value;
    gradients[key] = gradient;
  };
  x.forEach((x, d) => {
    put(`x-${d + 1}`, x, dx[d]);
    dz.forEach((dz, h) => put(`w-${d + 1}-${h + 1}`, W1[d][h], dz * x));
  });
  z.forEach((z, h) => {
    put(`z-${h + 1}`, z, dz[h]);
    put(`b-${h + 1}`, b1[h], dz[h]);
    put(`h-${h + 1}`, hidden[h], dHidden[h]);
    put(`v-${h + 1}`, W2[h], dOutput * hidden[h]);
  });
  return {values, gradients};
}

/* A number as it is shown: three digits that count, at most five behind the point. */
export function written(number) {
  number += 0; // −0 is 0
  const size = Math.abs(number);
  if (size !== 0 && !(size >= 5e-4 && size < 1e4)) return number.toExponential(0).replace("e+", "e").replaceAll("-", "−");
  const places = size === 0 ? 0 : Math.max(2 - Math.floor(Math.log10(size)), 0);
  const text = number.toFixed(places);
  return (places ? text.replace(/\.?0+$/, "") : text).replace("-", "−");
}

/* The number that a key names, read or changed in the network itself. */
export function entry(network, key) {
  const [name, ...places] = key.split("-");
  const [i, j] = places.map(place => place - 1);
  const [holder, index] = {
    x: [network.x, i],
    w: [network.W1[i], j],
    b: [network.b1, i],
    v: [network.W2, i],
    c: [network, "b2"],
    y: [network, "y"],
  }[name] ?? [];
  return holder && {
    get: () => holder[index],
    set: number => (holder[index] = number),
  };
}
