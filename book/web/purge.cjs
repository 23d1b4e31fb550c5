/* Reads {styles: texts, users: paths} and prints each style sheet without the rules that nothing in
   these files can use. */
const {readFileSync} = require("node:fs");
const {PurgeCSS} = require("purgecss");

const {styles, users} = JSON.parse(readFileSync(0, "utf8"));
const css = styles.map((raw) => ({raw, extension: "css"}));
const safelist = {greedy: [/data-theme/, /data-mode/]}; // a script sets their values
new PurgeCSS()
  .purge({css, content: users, safelist})
  .then((kept) => console.log(JSON.stringify(kept.map(({css}) => css))));
