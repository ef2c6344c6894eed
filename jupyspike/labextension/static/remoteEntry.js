// What JupyterLab and Notebook load of a prebuilt extension: a container of module federation, with `init` and `get`.
//
// It is written by hand, as the other files here are, so what is shipped is what is read: nothing is built and nobody
// needs Node.js. The packages that it needs are those that JupyterLab shares with its extensions.

(() => {
  const here = document.currentScript.src;
  let shared;

  const NEEDED = ["@jupyterlab/codemirror", "@codemirror/language", "@codemirror/state"];

  async function sharedPackage(name) {
    const versions = Object.values(shared[name]);
    const version = versions.find(({ loaded }) => loaded) ?? versions[0];
    return (await version.get())();
  }

  async function extension() {
    if (!NEEDED.every((name) => shared[name])) return { __esModule: true, default: [] }; // Voila has no editors
    const packages = await Promise.all(NEEDED.map(sharedPackage));
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
