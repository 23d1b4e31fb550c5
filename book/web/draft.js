/* A reader's answer to one task, or text of one cell. An answer to another version of the task
   stands beside the new blank as `earlier`, {source, blank}. */
export class Draft {
  /* cell: {source, blank}, the unanswered cell and its fingerprint. */
  constructor(progress, name, {source, blank}) {
    Object.assign(this, {progress, name, source, blank});
  }

  get stored() {
    return this.progress.get("draft", this.name);
  }

  get text() {
    return this.stored?.blank === this.blank ? this.stored.source : this.source;
  }

  get earlier() {
    const {stored} = this;
    return (stored && stored.blank !== this.blank ? stored : stored?.earlier) ?? null;
  }

  keep(source) {
    const {earlier, blank} = this;
    const beside = earlier && {earlier: {source: earlier.source, blank: earlier.blank}};
    const nothing = source === this.source && !beside;
    this.progress.set("draft", this.name, nothing ? null : {source, blank, ...beside});
  }
}
