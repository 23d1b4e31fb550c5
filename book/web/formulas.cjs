/* TeX from stdin, [[tex, displayed], …], becomes MathML on stdout, [mathml, …]. */
const {readFileSync} = require("node:fs");
const temml = require("temml");

const formulas = JSON.parse(readFileSync(0, "utf8"));
const set = ([tex, displayed]) => temml.renderToString(tex, {displayMode: displayed, throwOnError: true, wrap: "tex"});
try {
  console.log(JSON.stringify(formulas.map(set)));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
