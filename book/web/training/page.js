/* A network that trains in the page: Python computes each epoch (see network.py), here it is drawn. */
import {drawLosses, drawPlane, drawPoints, drawUnits} from "./picture.js";

const LAST = 1000; // epochs after which playing ends
const CALM = matchMedia("(prefers-reduced-motion: reduce)");
const frame = () => new Promise(requestAnimationFrame);

class Training {
  constructor(root, python) {
    Object.assign(this, {root, python, round: 0, losses: [], before: []});
    this.find = selector => root.querySelector(selector);
    this.panel = this.find(".training-panel");
    this.find("[data-open]").addEventListener("click", () => this.open());
    this.find("[data-run]").addEventListener("click", () => (this.playing ? this.pause() : this.play()));
    this.find("[data-epoch]").addEventListener("click", () => this.step());
    this.find("[data-again]").addEventListener("click", () => this.again());
    this.find(".explorer-controls").addEventListener("input", ({target}) => this.change(target));
    root.hidden = false;
  }

  // --- what the reader does ---

  async open() {
    const opened = this.find("[data-open]"), says = this.find(".training-open [role=status]");
    if (this.opening) return;
    this.opening = true;
    says.textContent = "Python is being loaded, once for this page …";
    const loaded = await this.begin();
    this.opening = false;
    if (!loaded) {
      opened.textContent = "Try again";
      says.textContent = this.python.unreachable;
      return;
    }
    this.find(".training-open").hidden = true;
    const above = this.root.previousElementSibling;
    if (above?.matches(".explorer")) above.hidden = true; // the same network, in frames
    this.panel.hidden = false;
    this.find("[data-run]").focus({preventScroll: true});
    this.watch();
    if (!CALM.matches) this.play();
  }

  async play() {
    if (this.losses.length >= LAST) await this.begin();
    const {round} = this;
    this.playing = true;
    this.showButtons();
    this.say("Training.");
    while (this.playing && round === this.round && this.losses.length < LAST) {
      await this.epoch();
      await frame();
    }
    if (this.losses.length >= LAST) this.pause();
  }

  pause() {
    this.playing = false;
    this.showButtons();
    this.say(`Paused. ${this.words}`);
  }

  async step() {
    if (this.playing) this.pause();
    await this.epoch();
    this.say(this.words);
  }

  /* From the start, with the numbers that are chosen; what plays plays on. */
  async again() {
    if (!(await this.begin())) return;
    if (this.playing) this.play();
    else this.say(this.words);
  }

  change(input) {
    if (input.type === "range") {
      const value = JSON.parse(input.dataset.values)[input.value];
      input.setAttribute("aria-valuetext", value);
      input.nextElementSibling.value = value;
    }
    this.again();
  }

  get options() {
    const options = {};
    for (const {dataset, firstElementChild} of this.root.querySelectorAll("[data-option]")) {
      const range = firstElementChild.querySelector("[type=range]");
      options[dataset.option] = range
        ? JSON.parse(range.dataset.values)[range.value]
        : firstElementChild.parentNode.querySelector(":checked").value;
    }
    return options;
  }

  // --- Python ---

  /* Resolves to whether this round, the newest, has begun. */
  async begin() {
    const round = ++this.round;
    this.ahead = null;
    const shown = await this.ask(this.options);
    if (!shown || round !== this.round) return false;
    this.worker = this.python.worker;
    if (this.losses.length > 1) this.before = this.losses;
    this.losses = [];
    drawPoints(this.find(".training-plane svg"), shown);
    this.start = shown;
    this.show(shown);
    return true;
  }

  async epoch() {
    if (this.python.worker !== this.worker) return this.again(); // a cell of the page was stopped
    const {round} = this;
    const asked = this.ahead ?? this.ask(null);
    this.ahead = null;
    const shown = await asked;
    if (!shown || round !== this.round) return;
    if (this.playing) this.ahead = this.ask(null); // computed while this one is drawn
    this.show({...this.start, ...shown});
  }

  /* What network.py answers; nothing when Python has ended. */
  async ask(train) {
    const {result} = await this.python.run({train}, () => {});
    if (!result && !this.panel.hidden) {
      this.playing = false;
      this.showButtons();
      this.find(".training-now").textContent = "Python was ended. Start again starts it anew.";
      this.say("Python was ended. Start again starts it anew.");
    }
    return result;
  }

  // --- what is seen ---

  show(shown) {
    this.shown = shown;
    if (shown.epoch) this.losses[shown.epoch - 1] = shown.loss;
    const loss = shown.epoch ? `loss ${shown.loss.toFixed(3)}` : "not trained yet";
    const share = `${Math.round(100 * shown.accuracy)} % of ${shown.labels.length} points right`;
    this.words = `Epoch ${shown.epoch}: ${loss}, ${share}.`;
    this.find(".training-now").dataset.loss = shown.loss ?? "";
    this.find(".training-now").textContent = `epoch ${shown.epoch} · ${loss} · ${share}`;
    this.find(".training-code code").textContent = shown.code;
    this.draw();
  }

  draw() {
    const {shown} = this;
    const loss = this.find(".training-loss"), units = this.find(".training-units"), plane = this.find("canvas");
    drawPlane(plane, shown);
    drawUnits(units, shown);
    drawLosses(loss, this.losses, this.before);
    plane.setAttribute("aria-label", `The plane in the colors of the network's answers. ${this.words}`);
    units.setAttribute("aria-label", `Where each of the ${units.childElementCount} units of the first layer is active`);
    loss.setAttribute("aria-label", `The loss of each epoch, ${this.losses.length} so far`);
  }

  showButtons() {
    this.find("[data-run]").textContent = this.playing ? "Pause" : "Play";
  }

  say(text) {
    this.find(".training-panel > [role=status]").textContent = text;
  }

  /* Out of sight nothing trains; a new theme has other colors. */
  watch() {
    new IntersectionObserver(([{isIntersecting}]) => {
      if (!isIntersecting && this.playing) this.pause();
    }).observe(this.panel);
    new MutationObserver(() => this.draw()).observe(document.documentElement, {attributeFilter: ["data-theme"]});
  }
}

if (location.protocol !== "file:") {
  document.querySelectorAll(".training").forEach(root => new Training(root, coursePython));
}
