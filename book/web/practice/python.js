/* The page's one Python: started by the first edit or run, kept warm, ended when it hangs or breaks. */

const PATIENCE = 120_000; // milliseconds of running after which a run is ended

export class Python {
  constructor(workerUrl, addresses) {
    Object.assign(this, {workerUrl, addresses, runs: new Map(), count: 0, memory: 0});
  }

  /* Runs a job (see cells.py) and resolves to what came of it; heard gets the worker's messages.
     {stopped: why} when Python was ended, {broken: why} when it could not be started or failed. */
  run(job, heard) {
    this.worker ??= this.start();
    const run = ++this.count;
    return new Promise(resolve => {
      this.runs.set(run, {heard, resolve});
      this.worker.postMessage({run, job});
    });
  }

  /* Loads Python while the reader still writes; whoever saves data is asked for nothing ahead of time. */
  prepare() {
    if (this.worker || navigator.connection?.saveData) return;
    this.worker = this.start();
    this.worker.postMessage({prepare: true});
  }

  get busy() {
    return this.runs.size > 0;
  }

  /* What is said when it could not be loaded. */
  get unreachable() {
    return `Python could not be loaded from ${new URL(this.addresses.pyodide).host}: is there a network?`;
  }

  start() {
    const worker = new Worker(this.workerUrl);
    worker.postMessage({start: this.addresses});
    worker.addEventListener("message", ({data}) => {
      const waiting = this.runs.get(data.run);
      if (!waiting || worker !== this.worker) return;
      if (data.state) this.watch(data.state);
      if (data.result || data.broken) {
        clearTimeout(this.timer);
        this.runs.delete(data.run);
        this.memory = data.memory ?? this.memory;
        if (data.broken) this.end(data);
        waiting.resolve(data);
      } else {
        waiting.heard(data);
      }
    });
    worker.addEventListener("error", event => {
      event.preventDefault();
      this.end({broken: event.message ?? "the worker did not start"});
    });
    return worker;
  }

  watch(state) {
    clearTimeout(this.timer);
    if (state === "running") this.timer = setTimeout(() => this.end({stopped: "two minutes"}), PATIENCE);
  }

  /* The next run starts a new worker. */
  end(why) {
    clearTimeout(this.timer);
    this.worker?.terminate();
    this.worker = undefined;
    this.memory = 0;
    const waiting = [...this.runs.values()];
    this.runs.clear();
    for (const {resolve} of waiting) resolve(why);
  }
}
