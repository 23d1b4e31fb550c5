"""Drives a notebook that is open in JupyterLab or JupyterLite: run it, read it, move a slider."""

NOTEBOOK = "window.jupyterapp?.shell.currentWidget"

READY = f"""() => {{
  const panel = {NOTEBOOK};
  return panel?.context?.isReady && panel.sessionContext.session?.kernel?.status === "idle";
}}"""
RUN_ALL = "() => window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => true)"
CELLS = f"() => {NOTEBOOK}.content.widgets.map(cell => cell.model.toJSON())"
INSERT = f"""source => {{
  const notebook = {NOTEBOOK}.content;
  const at = notebook.widgets.length;
  notebook.model.sharedModel.insertCell(at, {{cell_type: "code", source}});
  notebook.activeCellIndex = at;
  return window.jupyterapp.commands.execute("notebook:run-cell").then(() =>
    notebook.widgets[at].model.toJSON());
}}"""

RUN_CELL = f"""id => {{
  const notebook = {NOTEBOOK}.content;
  notebook.activeCellIndex = notebook.widgets.findIndex(cell => cell.model.id === id);
  return window.jupyterapp.commands.execute("notebook:run-cell").then(() => true);
}}"""
SOURCE = f"""id => {NOTEBOOK}?.content.widgets.find(cell => cell.model.id === id)
  ?.model.sharedModel.getSource()"""

TO_FIRST = f"""wanted => {{
  const notebook = {NOTEBOOK}.content;
  const cell = notebook.widgets.find(cell => JSON.stringify(cell.model.toJSON()).includes(wanted));
  return notebook.scrollToCell(cell, "start").then(() => true);
}}"""


def wait_until_ready(page):
    """Wait until the notebook's kernel can be asked something."""
    page.wait_for_function(READY)


def run_all(page):
    """Run every cell, the failing ones too; return the cells as nbformat stores them."""
    page.evaluate(RUN_ALL)
    return page.evaluate(CELLS)


def run_code(page, source):
    """Run source in a new last cell; return what it printed, or the error it ended in."""
    return text(page.evaluate(INSERT, source))


def run_cell(page, id):
    """Run the cell of this id."""
    page.evaluate(RUN_CELL, id)


def source(page, id):
    """Return the text of the cell of this id; None while there is none."""
    return page.evaluate(SOURCE, id)


def errors(cells):
    """The code cells that were not run, and those that ended in an error without announcing it."""
    skipped = [
        f"{cell['id']}: not run"
        for cell in cells
        if cell["cell_type"] == "code" and not cell["execution_count"]
    ]
    return skipped + [
        f"{cell['id']}: {output['ename']}: {output['evalue']}"
        for cell in cells
        if "raises-exception" not in cell["metadata"].get("tags", [])
        for output in cell.get("outputs", [])
        if output["output_type"] == "error"
    ]


def text(cell):
    """The cell's printed text, values and errors, joined."""
    pieces = []
    for output in cell.get("outputs", []):
        if output["output_type"] == "error":
            pieces.append(f"{output['ename']}: {output['evalue']}")
        else:
            piece = output.get("text") or output.get("data", {}).get("text/plain", "")
            pieces.append(piece if isinstance(piece, str) else "".join(piece))
    return "".join(pieces)


def scroll_to(page, text):
    """Scroll to the first cell that holds text, in its source or its outputs."""
    page.evaluate(TO_FIRST, text)


def move_slider(page):
    """Click into the first explorer's slider; return its picture's description before and after."""
    scroll_to(page, "application/vnd.jupyter.widget-view+json")
    explorer = (
        page.locator(".jp-OutputArea .widget-vbox").filter(has=page.locator("img[alt]")).first
    )
    picture = explorer.locator("img[alt]")
    before = picture.get_attribute("alt")
    track = explorer.locator(".noUi-target").first
    track.scroll_into_view_if_needed()
    track.click(position={"x": track.bounding_box()["width"] - 2, "y": 2})
    page.wait_for_function(
        "([before, explorer]) => explorer.querySelector('img[alt]').alt !== before",
        arg=[before, explorer.element_handle()],
    )
    return before, picture.get_attribute("alt")
