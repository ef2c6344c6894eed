"""A real JupyterLab in a real browser, for tests.

    with LabServer(tmp_path, python_path=[...]) as server, LabBrowser(server) as browser:
        page = browser.open(["import jupyspike", "1 + 1"])
        page.run(0)
        page.run(1)
        assert page.texts(1) == ["2"]

The server has a home, settings and kernels of its own in a temporary folder, and a port and a token of its own. The
page is driven through JupyterLab's application object (`LabApp.expose_app_in_browser`), not by looking for buttons of
JupyterLab, so it does not depend on JupyterLab's looks; what is tested is operated with the mouse, by the tests.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import nbformat
from playwright.sync_api import Error, Page, sync_playwright

ROOT = Path(__file__).parents[2]
KERNEL_PATH = (ROOT / "engine", ROOT, ROOT / "tests" / "jupyspike" / "widgets")
"""Where kernels of tests import from: both packages, and the fake session of the widgets' tests."""

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM_ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync",
    "--use-angle=swiftshader", "--enable-unsafe-swiftshader",  # WebGL without a graphics card
)  # fmt: skip


def chromium() -> str | None:
    """The browser to use: of the environment variable JUPYSPIKE_CHROMIUM, or one on the path."""
    named = os.environ.get("JUPYSPIKE_CHROMIUM")
    return named or next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


class LabServer:
    """JupyterLab on a free port, with everything it writes under ``folder``.

    Parameters
    ----------
    folder : Path
        An empty folder; notebooks are in its ``work``, what the server says in its ``server.log``.
    python_path : sequence of Path
        Folders that kernels can import from, before everything else.
    """

    def __init__(self, folder: Path, python_path: Sequence[Path] = ()) -> None:
        self.folder, self.notebooks = folder, folder / "work"
        self.token = uuid4().hex
        self.url = ""
        self._python_path = [str(path) for path in python_path]

    def __enter__(self) -> Self:
        self.notebooks.mkdir()
        runtime = self.folder / "runtime"
        settings = self.folder / "config" / "labconfig"
        settings.mkdir(parents=True)
        # The question whether to fetch news would cover the page.
        off = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
        (settings / "page_config.json").write_text(json.dumps(off))
        if tuple(map(int, metadata.version("jupyterlab").split(".")[:2])) < (4, 5):
            # Older ones take cells out of sight off the page, where a test cannot scroll to them as a person does.
            tracker = self.folder / "settings" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
            tracker.parent.mkdir(parents=True)
            tracker.write_text(json.dumps({"windowingMode": "defer"}))
        environment = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
        environment |= {
            "HOME": str(self.folder),
            "IPYTHONDIR": str(self.folder / "ipython"),
            "JUPYTER_CONFIG_DIR": str(self.folder / "config"),
            "JUPYTER_DATA_DIR": str(self.folder / "data"),
            "JUPYTER_PATH": str(self._extensions()),
            "JUPYTER_RUNTIME_DIR": str(runtime),
            "JUPYTERLAB_SETTINGS_DIR": str(self.folder / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(self.folder / "workspaces"),
            "PYTHONPATH": os.pathsep.join([*self._python_path, os.environ.get("PYTHONPATH", "")]).strip(os.pathsep),
        }
        arguments = [
            "--no-browser", "--allow-root", "--ServerApp.port=0", "--ServerApp.ip=127.0.0.1",
            f"--IdentityProvider.token={self.token}", f"--ServerApp.root_dir={self.notebooks}",
            "--LabApp.expose_app_in_browser=True",
        ]  # fmt: skip
        self._log = (self.folder / "server.log").open("w")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *arguments],
            cwd=self.notebooks, env=environment, stdout=self._log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            self.url = self._wait_for_url(runtime)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _extensions(self) -> Path:
        """A folder of Jupyter with our extension as it is in the sources; it comes before one that is installed."""
        place = self.folder / "share" / "labextensions"
        place.mkdir(parents=True)
        (place / "jupyspike").symlink_to(ROOT / "jupyspike" / "labextension", target_is_directory=True)
        return place.parent

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def _wait_for_url(self, runtime: Path, timeout: float = 60.0) -> str:
        """The server writes a file about itself when it listens."""
        about = runtime / f"jpserver-{self._process.pid}.json"
        end = time.monotonic() + timeout
        while time.monotonic() < end and self._process.poll() is None:
            if about.exists() and (text := about.read_text()).rstrip().endswith("}"):
                return str(json.loads(text)["url"])
            time.sleep(0.1)
        raise RuntimeError("JupyterLab did not start:\n" + (self.folder / "server.log").read_text()[-3000:])


def write_notebook(cells: Sequence[str], file: Path) -> None:
    """Write a notebook of code cells."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, file)


class LabBrowser:
    """A headless browser that is logged in to a server.

    Parameters
    ----------
    server : LabServer
        Where to go.
    executable : str, optional
        The browser; by default that of `chromium`.

    Attributes
    ----------
    abroad : list of str
        What notebooks have asked of other servers so far: without internet they would lack that.
    """

    def __init__(self, server: LabServer, executable: str | None = None) -> None:
        self._server = server
        self.abroad: list[str] = []
        self._executable = executable or chromium()

    def __enter__(self) -> Self:
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(
            executable_path=self._executable, args=list(CHROMIUM_ARGUMENTS)
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._browser.close()
        self._playwright.stop()

    def open(self, cells: Sequence[str], width: int = 1200, height: int = 1000) -> NotebookPage:
        """Show a new notebook with these code cells; returns when its kernel is idle."""
        name = f"{uuid4().hex[:8]}.ipynb"
        write_notebook(cells, self._server.notebooks / name)
        context = self._browser.new_context(viewport={"width": width, "height": height})
        context.on("request", lambda request: self._note(request.url))
        page = context.new_page()
        page.goto(f"{self._server.url}lab/tree/{name}?token={self._server.token}&reset")
        return NotebookPage(page, self._server.notebooks / name)

    def _note(self, url: str) -> None:
        if not url.startswith((self._server.url, "blob:", "data:")):
            self.abroad.append(url)

    def show(self, html: Path, width: int = 1200, height: int = 1000) -> Page:
        """Show a file without a server, as somebody does who was sent it; there is no network."""
        context = self._browser.new_context(viewport={"width": width, "height": height}, offline=True)
        page = context.new_page()
        page.goto(html.as_uri())
        return page


_FIND_PANEL = """() => {
    globalThis.notebookPanel = () => [...jupyterapp.shell.widgets('main')].find(w => w.content?.model?.cells);
    globalThis.codeCell = (index) => notebookPanel().content.widgets[index];
}"""


class NotebookPage:
    """A notebook open in JupyterLab.

    Attributes
    ----------
    page : playwright.sync_api.Page
        For everything that a person does with mouse and keyboard.
    file : Path
        The notebook.
    errors : list of str
        Uncaught errors of the page's scripts so far.
    """

    def __init__(self, page: Page, file: Path, timeout: float = 90.0) -> None:
        self.page, self.file = page, file
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        self._prepare(timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _prepare(self, timeout: float) -> None:
        self.page.wait_for_function("globalThis.jupyterapp?.shell", timeout=timeout * 1000)
        self.page.evaluate(_FIND_PANEL)
        self.until(
            "(() => { const p = globalThis.notebookPanel?.(); "
            "return p && p.content.widgets.length && p.sessionContext.session?.kernel?.status === 'idle' })()",
            timeout,
        )
        self.page.evaluate("jupyterapp.shell.collapseLeft()")

    def run(self, index: int, timeout: float | None = 60.0) -> None:
        """Run a cell; with a timeout of None do not wait until it has been executed."""
        self.page.evaluate(
            """async (index) => {
                const notebook = notebookPanel().content;
                notebook.deselectAll();
                notebook.activeCellIndex = index;
                globalThis.running ??= new Map();
                const run = jupyterapp.commands.execute('notebook:run-cell');
                running.set(index, false);
                run.finally(() => running.set(index, true));
            }""",
            index,
        )
        if timeout is not None:
            self.until(f"running.get({index})", timeout)

    def ran(self, index: int) -> bool:
        """Whether the cell that `run` began has been executed."""
        return bool(self.page.evaluate("(index) => running.get(index)", index))

    def add(self, code: str, timeout: float | None = 60.0) -> int:
        """Put a cell at the end and run it; returns its index."""
        index = int(
            self.page.evaluate(
                """(code) => {
                    const model = notebookPanel().content.model.sharedModel;
                    model.insertCell(model.cells.length, {cell_type: 'code', source: code, metadata: {}});
                    return model.cells.length - 1;
                }""",
                code,
            )
        )
        self.run(index, timeout)
        return index

    def replace(self, cells: Sequence[str]) -> None:
        """Have these code cells in place of all others, without outputs."""
        self.page.evaluate(
            """(cells) => {
                const model = notebookPanel().content.model.sharedModel;
                const made = cells.map((source) => ({cell_type: 'code', source, metadata: {}}));
                model.insertCells(model.cells.length, made);
                model.deleteCellRange(0, model.cells.length - made.length);
            }""",
            list(cells),
        )

    def scroll_to(self, index: int) -> None:
        """Bring the upper end of a cell to the upper end of the page."""
        self.page.evaluate("(index) => codeCell(index).node.scrollIntoView({block: 'start'})", index)

    def outputs(self, index: int) -> list[dict[str, Any]]:
        """The outputs of a cell, as they are saved in a notebook."""
        return list(self.page.evaluate("(index) => codeCell(index).model.outputs.toJSON()", index))

    def texts(self, index: int) -> list[str]:
        """What a cell printed, returned or raised, as plain text."""
        texts = []
        for output in self.outputs(index):
            if output["output_type"] == "stream":
                text = output["text"]
            elif output["output_type"] == "error":
                text = "\n".join(output["traceback"])
            else:
                text = output["data"].get("text/plain", "")
            texts.append(("".join(text) if isinstance(text, list) else text).rstrip("\n"))
        return texts

    def python(self, expression: str) -> Any:
        """The value of a Python expression in the kernel, which must be free; anything JSON can hold."""
        index = self.add(f"import json as _json; print(_json.dumps({expression}))")
        return json.loads(self.texts(index)[-1])

    def until(self, script: str, timeout: float = 30.0) -> Any:
        """Wait until a JavaScript expression is true in the page; returns its value."""
        return self.page.wait_for_function(script, timeout=timeout * 1000).json_value()

    def wait_for(self, condition: Callable[[], object], timeout: float = 30.0) -> None:
        """Wait until a Python condition holds, while the page goes on."""
        end = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError("the condition did not come true")
            self.page.wait_for_timeout(50)

    def save(self) -> None:
        """Save the notebook into `file`."""
        self.page.evaluate("notebookPanel().context.save()")

    def reload(self, timeout: float = 90.0) -> None:
        """Load the page again, as somebody does who comes back to a notebook whose kernel still runs."""
        self.page.reload()
        self._prepare(timeout)

    def theme(self, name: str) -> None:
        """Choose ``JupyterLab Light`` or ``JupyterLab Dark``; returns when its curtain is open again."""
        self.page.evaluate("(theme) => jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
        self.page.locator("#jupyterlab-splash").wait_for(state="detached")

    def close(self) -> None:
        """End the kernel and close the page."""
        try:
            self.page.evaluate("notebookPanel()?.sessionContext.shutdown()")
        except Error as error:
            self.errors.append(str(error))
        self.page.context.close()
