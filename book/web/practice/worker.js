/* Python for one page, in a worker of its own.
   Takes   {start: {pyodide, course, digits}} once: addresses; then {run: number, job}, see cells.py,
           {prepare: true}: a run will come,
           or {run: number, job: {train}}: options to begin with, else null for an epoch, see network.py
   Gives   {run, state: "loading" | "running", why}, {run, text}, {run, picture},
           and last {run, result, memory} or {run, broken: "what went wrong"} */
import CELLS from "./cells.py";
import NETWORK from "../training/network.py";

let addresses, started;

async function fetchBytes(url) {
  const answer = await fetch(url, {cache: "no-cache"}); // the address stays when the course changes
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.arrayBuffer();
}

async function start() {
  const course = fetchBytes(addresses.course);
  course.catch(() => {}); // looked at below
  importScripts(addresses.pyodide);
  const python = await loadPyodide({
    indexURL: addresses.pyodide.replace(/[^/]*$/, ""),
    packages: ["numpy"],
    env: {MPLBACKEND: "agg", HOME: "/home/pyodide"},
  });
  const site = python.runPython("import site; site.getsitepackages()[0]");
  python.unpackArchive(await course, "zip", {extractDir: site});
  python.FS.mkdirTree(`${site}/mlp_lib/datasets`);
  // Its bytes are asked for when it is first read.
  python.FS.createLazyFile(`${site}/mlp_lib/datasets`, "mnist_subset.npz", addresses.digits, true, false);
  python.FS.writeFile(`${site}/course_cells.py`, CELLS);
  python.FS.writeFile(`${site}/course_network.py`, NETWORK);
  return {python, cells: python.pyimport("course_cells")};
}

async function run(run, job) {
  if (!started) postMessage({run, state: "loading", why: "Python"});
  started ??= start();
  const {python, cells} = await started;
  if ("train" in job) return train(python, job.train);
  const text = text => postMessage({run, text});
  const picture = picture => postMessage({run, picture});
  for (;;) {
    postMessage({run, state: "running"});
    const result = JSON.parse(cells.run(JSON.stringify(job), text, picture));
    if (!result.needs_matplotlib) return {result, memory: python._module.HEAPU8.length};
    postMessage({run, state: "loading", why: "Matplotlib"});
    await python.loadPackage("matplotlib", {messageCallback() {}});
    cells.use_matplotlib();
  }
}

/* What cannot be loaded now is told when a cell is run. */
async function prepare() {
  started ??= start();
  const {python} = await started;
  python.runPython("import numpy, grader");
}

function train(python, options) {
  const network = python.pyimport("course_network");
  const shown = options ? network.start.callKwargs(options) : network.epoch();
  const result = shown.toJs({dict_converter: Object.fromEntries});
  shown.destroy();
  return {result, memory: python._module.HEAPU8.length};
}

let last = Promise.resolve(); // one run after the other

/* What is handed over, not copied. */
const pixels = result => Object.values(result).filter(ArrayBuffer.isView).map(({buffer}) => buffer);

addEventListener("message", ({data}) => {
  if (data.start) addresses = data.start;
  else if (data.prepare) prepare().catch(() => {});
  else last = last.then(() => run(data.run, data.job)).then(
    done => postMessage({run: data.run, ...done}, pixels(done.result)),
    error => postMessage({run: data.run, broken: String(error)}),
  );
});
