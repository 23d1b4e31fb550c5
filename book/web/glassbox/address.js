/* The network's numbers in the page's address: #glass-box?x=1,2&W1=.1,.3;.2,.4&… */

const START = "#glass-box?";
const LIMIT = 100;
const LISTS = ["x", "b1", "W2"];
const ALONE = ["b2", "y"];

export function toAddress(network) {
  const {W1} = network;
  const parts = [...LISTS, ...ALONE].map(name => `${name}=${network[name]}`);
  return `${START}${parts.join("&")}&W1=${W1.join(";")}`;
}

/* The network that an address names, of the shape of the one given; null if it names none. */
export function fromAddress(hash, {x, b1}) {
  if (!hash.startsWith(START)) return null;
  const said = new URLSearchParams(hash.slice(START.length));
  const list = (text, length) => {
    const numbers = (text ?? "").split(",").map(part => (part.trim() ? Number(part) : NaN));
    return numbers.length === length && numbers.every(number => Math.abs(number) <= LIMIT) ? numbers : null;
  };
  const D = x.length, H = b1.length;
  const rows = (said.get("W1") ?? "").split(";").map(row => list(row, H));
  const network = {x: list(said.get("x"), D), b1: list(said.get("b1"), H), W2: list(said.get("W2"), H), W1: rows};
  for (const name of ALONE) network[name] = list(said.get(name), 1)?.[0] ?? null;
  const whole = rows.length === D && !rows.includes(null) && !Object.values(network).includes(null);
  return whole ? network : null;
}
