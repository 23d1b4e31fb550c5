/* One runnable cell of the page: its editor, its buttons, what it prints, its draft, its points. */
import {Draft} from "../draft.js";
import {button, element} from "./dom.js";

const LAST_HINT = 3;

export class Cell {
  /* cell: what book/practice.py wrote; place: its <div>; page: {progress, python, before, openEditor}. */
  constructor(cell, place, page) {
    Object.assign(this, cell, {place, page, hint: 0});
    this.name = this.task ?? `${page.name}#${this.id}`;
    this.title = this.task ?? "this cell";
    this.draft = new Draft(page.progress, this.name, cell);
    this.build();
    page.progress.subscribe((kind, name) => {
      if (name === this.name || name === this.task) this.show();
    });
    this.show();
  }

  build() {
    const action = (text, press) => button(text, press, `${text} ${this.title}`);
    this.buttons = [
      this.task && action("Check", () => this.run({check: true})),
      action("Run", () => this.run()),
      this.task && action("Hint", () => this.run({check: true, hint: Math.min(this.hint + 1, LAST_HINT)})),
      action("Reset", () => this.reset()),
    ].filter(Boolean);
    this.buttons[0].classList.add("practice-first");
    this.stop = action("Stop", () => this.page.python.end({stopped: "you"}));
    this.stop.hidden = true;
    this.status = element("span", {role: "status", className: "practice-status"});
    this.points = element("span", {className: "practice-points"});
    this.bar = element("div", {className: "practice-bar"}, ...this.buttons, this.stop, this.points, this.status);
    this.output = element("div", {className: "practice-output", hidden: true});
    this.output.setAttribute("role", "region");
    this.output.setAttribute("aria-label", `Output of ${this.title}`);
    this.earlier = element("details", {className: "practice-earlier", hidden: true});
    this.input = this.place.querySelector(".cell_input");
    this.printed = this.place.querySelector(".cell_output");
    this.input.after(this.earlier, this.bar, this.output);
    this.place.classList.add("practice");
    if (!this.task) this.say("Change a number and run it again; the cells above run first.");
  }

  get text() {
    return this.draft.text;
  }

  keep(source) {
    this.draft.keep(source);
  }

  reset() {
    this.keep(this.source);
    this.hint = 0;
    this.output.hidden = true;
    if (this.printed && !this.task) this.printed.hidden = false;
    this.say("The text is as it was at first; Ctrl+Z in the editor brings yours back.");
  }

  /* The editor takes the place of the printed code when the reader comes near. */
  async edit() {
    if (this.editor) return;
    this.editor = {setText() {}};
    const openEditor = await this.page.openEditor();
    const place = element("div", {className: "practice-editor"});
    this.editor = openEditor(place, {
      text: this.text,
      label: this.task ? `Your answer, ${this.task}` : "Code to change",
      onChange: text => this.keep(text),
      onWrite: () => this.page.python.prepare(),
      onRun: () => this.run(),
      onCheck: this.task && (() => this.run({check: true})),
      onLeave: () => this.buttons[0].focus(),
    });
    this.input.replaceWith(place);
  }

  show() {
    this.editor?.setText(this.text);
    const points = this.task && this.page.progress.get("points", this.task);
    this.points.textContent = points ? `${points.points} of ${points.possible} points` : "";
    this.points.classList.toggle("practice-full", !!points && points.points === points.possible);
    const {earlier} = this.draft;
    this.earlier.hidden = !earlier;
    if (earlier) {
      const summary = "This task has changed since you answered it: your earlier answer";
      this.earlier.replaceChildren(
        element("summary", {textContent: summary}),
        element("pre", {textContent: earlier.source}),
        button("Put it into the editor", () => this.keep(earlier.source)),
      );
    }
  }

  say(text, ...more) {
    this.status.replaceChildren(text, ...more);
  }

  async run({check = false, hint = 0} = {}) {
    const {python} = this.page;
    const job = {
      before: this.page.before(this),
      cell: [this.id, this.text],
      check: check ? [this.task, hint] : null,
      fresh: !!this.task || !this.page.inExercise, // what a chapter prints depends on its text alone
    };
    if (hint) this.hint = hint;
    this.stop.hidden = false;
    this.say(python.busy ? "Waiting for another cell …" : "…");
    const done = await python.run(job, message => this.hear(message));
    this.stop.hidden = true;
    if (this.stop === document.activeElement || document.activeElement === document.body) this.buttons[0].focus();
    this.conclude(done, {check, hint});
  }

  hear({state, why, text, picture}) {
    if (state === "loading") {
      this.phase = "loading";
      this.say(`${why} is being loaded, once for this page …`);
    } else if (state === "running") {
      this.phase = "running";
      this.say("Running …");
      this.output.replaceChildren();
    } else if (text) {
      this.print(text);
    } else if (picture) {
      const alt = "The figure that this cell has just drawn";
      this.reveal(element("img", {src: `data:image/png;base64,${picture}`, alt}));
    }
  }

  print(text) {
    const last = this.output.lastElementChild;
    if (last?.matches("pre")) last.append(text);
    else this.reveal(element("pre", {textContent: text, tabIndex: 0}));
  }

  reveal(part) {
    this.output.append(part);
    this.output.hidden = false;
    if (this.printed) this.printed.hidden = true;
  }

  conclude({result, memory, stopped, broken}, {check, hint}) {
    const kept = "Your text is kept; the next run starts Python anew.";
    if (stopped === "you") {
      this.say(`Stopped. ${kept}`);
    } else if (stopped) {
      this.say(`Ended after ${stopped}: does every loop end? ${kept}`);
    } else if (broken && this.phase === "running") {
      this.say(`Python broke down (${broken}). ${kept}`);
    } else if (broken) {
      const again = button("Try again", () => this.run({check, hint}), `Try again ${this.title}`);
      this.say(`${this.page.python.unreachable} Your text is kept. `, again);
    } else {
      const holds = `Python holds ${Math.round(memory / 2 ** 20)} MB.`;
      const {points, possible, failed} = result;
      if (points !== undefined) {
        this.page.progress.set("points", this.task, {points, possible, blank: this.blank});
        this.say(`Checked: ${points} of ${possible} points. ${holds}`);
      } else if (failed === "AssertionError" && !this.task) {
        this.say(`An assertion does not hold for what you changed; the text had made it for its own numbers. ${holds}`);
      } else if (failed) {
        this.say(`It ended in an error, shown below. ${holds}`);
      } else {
        this.say(this.task ? `It runs; Check tells whether it is right. ${holds}` : `Done. ${holds}`);
      }
    }
  }
}
