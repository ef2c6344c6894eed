// What JupyterLab and Notebook load of a prebuilt extension: a container of module federation, with `init` and `get`.
//
// It is written by hand, as the other files here are, so what is shipped is what is read: nothing is built and nobody
// needs Node.js. The packages that it needs are those that JupyterLab shares with its extensions.

(() => {
  const here = document.currentScript.src;
  let shared;

  async function sharedPackage(name) {
    const versions = Object.values(shared[name] ?? {});
    const version = versions.find(({ loaded }) => loaded) ?? versions[0];
    if (!version) throw new Error(`jupyspike: this JupyterLab does not share ${name}`);
    return (await version.get())();
  }

  async function extension() {
    const names = ["@jupyterlab/codemirror", "@codemirror/language", "@codemirror/state"];
    const packages = await Promise.all(names.map(sharedPackage));
    const { plugin } = await import(new URL("plugin.js", here));
    return { __esModule: true, default: plugin(...packages) };
  }

  window._JUPYTERLAB ??= {};
  window._JUPYTERLAB.jupyspike = {
    init(scope) {
      shared = scope;
    },
    async get() {
      const loaded = await extension();
      return () => loaded;
    },
  };
})();
