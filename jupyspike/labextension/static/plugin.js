// The plugin of JupyterLab: each editor whose text begins with %%neurons or %%synapses speaks the language of the cells
// instead of Python, from the moment that this line is typed until it is gone. In a notebook without its kernel the picture
// stands for a panel, without the error that the widget is not found.

import { CELL, parser } from "./language.js";

const NOT_FOUND = ".jp-OutputArea-output.jupyter-widgets:not(:has(*))"; // nothing but a text
const PICTURE = ".jp-OutputArea-output img[src*='jupyspike']";
const STYLE = `.jp-OutputArea-child:has(+ .jp-OutputArea-child ${PICTURE}) > ${NOT_FOUND} { display: none; }`;

export function plugin(codemirror, { StreamLanguage }, { Compartment, EditorState, Prec }) {
  const { EditorExtensionRegistry, IEditorExtensionRegistry } = codemirror;
  const cells = Prec.highest(StreamLanguage.define(parser)); // before the language of the notebook
  const others = [];
  const languageOf = (text) => (CELL.test(text) ? cells : others);

  function following(text) {
    const language = new Compartment();
    const follow = EditorState.transactionExtender.of((transaction) => {
      if (!transaction.docChanged) return null;
      const wanted = languageOf(transaction.newDoc.sliceString(0, 1000));
      return wanted === language.get(transaction.startState) ? null : { effects: language.reconfigure(wanted) };
    });
    return [language.of(languageOf(text)), follow];
  }

  return {
    id: "jupyspike:cells",
    description: "Highlights the cells %%neurons and %%synapses, and shows pictures of panels without a kernel.",
    autoStart: true,
    requires: [IEditorExtensionRegistry],
    activate(_, extensions) {
      const style = document.createElement("style");
      style.textContent = STYLE;
      document.head.append(style);
      extensions.addExtension({
        name: "jupyspike:cells",
        factory: ({ model }) => EditorExtensionRegistry.createImmutableExtension(following(model.sharedModel.getSource())),
      });
    },
  };
}
