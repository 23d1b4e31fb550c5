/* A CodeMirror for one cell. Tab indents, Escape leaves. */
import {closeBrackets, closeBracketsKeymap} from "@codemirror/autocomplete";
import {defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory} from "@codemirror/commands";
import {python} from "@codemirror/lang-python";
import {bracketMatching, indentOnInput, indentUnit, syntaxHighlighting} from "@codemirror/language";
import {EditorState, Prec} from "@codemirror/state";
import {drawSelection, EditorView, keymap, lineNumbers} from "@codemirror/view";
import {classHighlighter} from "@lezer/highlight";

/* Returns {text, setText}; the functions are called with the text, or on their keys. */
export function openEditor(parent, {text, label, onChange, onWrite, onRun, onCheck, onLeave}) {
  const key = (name, action) => ({key: name, run: () => (action(), true)});
  const keys = [key("Escape", onLeave), key("Shift-Enter", onRun), key("Mod-Enter", onCheck ?? onRun)];
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        Prec.highest(keymap.of(keys)),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
        lineNumbers(),
        history(),
        drawSelection(),
        indentUnit.of("    "),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        python(),
        syntaxHighlighting(classHighlighter),
        EditorView.contentAttributes.of({"aria-label": `${label}. Tab indents, Escape leaves.`}),
        EditorView.updateListener.of(update => {
          if (update.docChanged) onChange(view.state.doc.toString());
          if (update.transactions.some(each => each.isUserEvent("input") || each.isUserEvent("delete"))) onWrite();
        }),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    setText(text) {
      if (text !== view.state.doc.toString()) {
        const changes = {from: 0, to: view.state.doc.length, insert: text};
        view.dispatch({changes, annotations: isolateHistory.of("full")}); // one step to undo
      }
    },
  };
}
