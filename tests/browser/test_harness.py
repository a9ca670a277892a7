"""The harness itself, with a widget of ten lines: does it notice what it must notice?"""

import json
import shutil
import socket
import urllib.request
from http.server import HTTPServer, SimpleHTTPRequestHandler
from threading import Thread
from types import SimpleNamespace

import psutil
import pytest

from .harness.chromium import Watch, executable, until
from .harness.lab import running

COUNTER = '''
import anywidget, traitlets

class Counter(anywidget.AnyWidget):
    _esm = """
    function render({ model, el }) {
      const button = document.createElement("button");
      button.className = "counter";
      const show = () => { button.textContent = `count ${model.get("count")}`; };
      button.onclick = () => { model.set("count", model.get("count") + 1); model.save_changes(); };
      model.on("change:count", show);
      show();
      el.append(button);
    }
    export default { render };
    """
    count = traitlets.Int(3).tag(sync=True)

counter = Counter()
counter
'''


@pytest.fixture
def stranger(window):
    """A page with a watch of its own, to do there what must be noticed."""
    page = window.new_page()
    yield page, Watch.over(page)
    page.close()


def test_a_click_reaches_python_and_python_reaches_the_page(open_notebook):
    notebook = open_notebook([COUNTER])
    button = notebook.find("button.counter")
    button.click()
    notebook.comes_to("counter.count", lambda count: count == 4)
    notebook.do("counter.count = 7")
    button.get_by_text("count 7").wait_for()


def test_a_cell_that_raises_is_a_failure(scratch):
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        scratch(["1 / 0"])


@pytest.mark.parametrize(
    "script",
    [
        "fetch('https://example.com/data.json').catch(() => 0)",
        "new Promise((end) => { new Image().onerror = end; new WebSocket('wss://example.com/ws')"
        ".onerror = end; })",
        "import('https://example.com/module.js').catch(() => 0)",
        "new Promise((end) => Object.assign(new Image(), { onerror: end, "
        "src: 'http://93.184.215.14/pixel.png' }))",
    ],
    ids=["fetch", "websocket", "import", "image"],
)
def test_what_wants_to_leave_the_machine_fails_and_is_counted(stranger, script):
    page, watch = stranger
    page.evaluate(script)
    assert len(watch.outside) == 1
    with pytest.raises(AssertionError, match="would leave"):
        watch.verify()


@pytest.fixture
def neighbour():
    """A server that answers on this machine's address in its network, as another one would."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing, only chooses the way out
        except OSError:
            pytest.skip("this machine has no address besides loopback")
        host = probe.getsockname()[0]
    with HTTPServer((host, 0), SimpleHTTPRequestHandler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{host}:{server.server_port}/"
        server.shutdown()


def test_even_a_machine_next_door_is_out_of_reach(stranger, neighbour):
    page, watch = stranger
    reached = page.evaluate(
        "(url) => fetch(url, { mode: 'no-cors' }).then(() => true, () => false)", neighbour
    )
    assert not reached
    assert watch.outside == [neighbour]


@pytest.mark.parametrize(
    "script", ["console.error('no')", "setTimeout(() => { throw Error('no'); })"]
)
def test_an_error_in_the_console_is_a_failure(stranger, script):
    page, watch = stranger
    page.evaluate(f"{{ {script} }}")
    until(page, lambda: watch.errors != [])
    with pytest.raises(AssertionError, match="no"):
        watch.verify()


def test_a_page_may_be_held_to_ask_for_nothing_but_itself(stranger, tmp_path):
    page, watch = stranger
    (tmp_path / "page.html").write_text("<link rel=stylesheet href=beside.css>")
    (tmp_path / "beside.css").write_text("")
    address = (tmp_path / "page.html").as_uri()
    page.goto(address)
    with pytest.raises(AssertionError, match=r"beside\.css"):
        watch.verify(only=address)


def test_the_server_and_its_kernels_end_with_it(tmp_path):
    with running(tmp_path) as lab:
        start = urllib.request.Request(lab.url("api/kernels"), data=b"{}", method="POST")
        kernel = json.load(urllib.request.urlopen(start))
        family = [p for p in psutil.Process().children(recursive=True) if _is_of(p, lab, kernel)]
        assert len(family) == 2
    assert not any(process.is_running() for process in family)


def test_the_browser_ends_with_this_folder(request):
    package = request.node.getparent(pytest.Package)
    assert package.path == request.path.parent  # without one the fixtures would outlive it


def test_without_a_chromium_it_says_how_to_get_one(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    none = SimpleNamespace(chromium=SimpleNamespace(executable_path=str(tmp_path / "none")))
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        executable(none)  # pyright: ignore[reportArgumentType]


def _is_of(process, lab, kernel):
    try:
        line = " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # gone, or a zombie, since it was listed
        return False
    return lab.token in line or kernel["id"] in line
