"""The few things the panel has to know about the kernel it runs in, and all of them in this place."""

from __future__ import annotations

import contextvars
import os
import weakref
from collections.abc import Callable, Mapping
from typing import Any

from jupyspike_engine.objects.running.visible import named


def _kernel() -> Any:
    """The running Jupyter kernel, or None."""
    from IPython import get_ipython

    shell = get_ipython()
    return getattr(shell, "kernel", None)


def somebody_watches() -> bool:
    """Whether a person may be looking at the output of the cell that runs now.

    A notebook that is executed by nbclient, papermill or ``nbconvert --execute`` says in each request that nobody is
    there to answer a question; front ends with a person say the opposite. Voila executes notebooks like that too, but
    for a page with widgets; it tells kernels its name.
    """
    kernel = _kernel()
    if kernel is None:
        return False
    if os.environ.get("SERVER_SOFTWARE", "").startswith("voila"):
        return True
    request = kernel.get_parent()
    return bool(request.get("content", {}).get("allow_stdin", False))


def free_context() -> contextvars.Context:
    """A context whose messages belong to no request.

    ipykernel 7 hands a widget's incoming messages to the thread that last sent something for it. A slider made by a
    cell would then wait for that cell and all later ones. What is made and sent in this context leaves the choice to
    the front end, which has a thread of its own for widgets.
    """
    context = contextvars.copy_context()
    parent = getattr(_kernel(), "_shell_parent", None)
    if isinstance(parent, contextvars.ContextVar):
        context.run(parent.set, {})
    return context


def without_hooks(widget: Any) -> None:
    """Let messages of the page to a widget run no hooks of cells.

    A comm triggers IPython's ``pre_execute`` and ``post_execute`` around each of its messages, twenty times a second of
    a live figure and on a thread of its own. The hook of matplotlib shows and closes all open figures: also one that a
    cell is just drawing, which then comes out empty or not at all.
    """
    if widget.comm is not None:
        widget.comm.handle_msg = widget._handle_msg


def publish(data: dict[str, Any], display_id: str | None = None, update: bool = False) -> None:
    """Send output to the notebook: a new one, or with ``update`` in place of the one of this ``display_id``."""
    from IPython.display import publish_display_data

    transient = {} if display_id is None else {"display_id": display_id}
    publish_display_data(data, transient=transient, update=update)  # type: ignore[no-untyped-call]


def fail_cell(error: Exception) -> None:
    """Let the cell that displays an object fail with an error.

    Raised in the display itself it would make IPython try another way to display the object.
    """
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        raise error
    shell.showtraceback((type(error), error, error.__traceback__))


def after_cells(look: Callable[[Mapping[str, Any]], None]) -> Callable[[], None]:
    """Let a method of an object look at the names of the notebook after each cell; returns what ends that.

    The object may be collected all the same.
    """
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return lambda: None
    method, callbacks = weakref.WeakMethod(look), shell.events.callbacks["post_run_cell"]

    def call(result: object) -> None:
        if (found := method()) is not None:
            found(shell.user_ns)
        else:
            end()

    def end() -> None:
        if call in callbacks:
            callbacks.remove(call)

    shell.events.register("post_run_cell", call)
    return end


def forget(displayed: object) -> None:
    """Let the notebook's history of outputs no longer hold something that no name of the user's means."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None or any(value is displayed for _, value in named(shell.user_ns)):
        return
    if (name := next((name for name, value in shell.user_ns.items() if value is displayed), None)) is not None:
        shell.del_var(name)
    for name in ("_", "__", "___"):  # which it also keeps where builtins have a name for what was displayed last
        if getattr(shell.displayhook, name, None) is displayed:
            setattr(shell.displayhook, name, None)


def on_main_thread() -> Callable[[Callable[[], None]], None]:
    """Return a way to call something later on the kernel's main thread, between cells, as part of the present cell.

    Without a kernel it calls at once.
    """
    kernel = _kernel()
    if kernel is None:
        return lambda call: call()
    context = contextvars.copy_context()
    loop = kernel.io_loop  # of tornado; its add_callback may be used from every thread
    return lambda call: loop.add_callback(context.copy().run, call)
