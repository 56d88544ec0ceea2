"""Which functions cannot be imported, asked before anything depends on one."""

from tests.integration.embedded_aws import functions
from tests.integration.embedded_aws.server import Server


def failed(server: Server) -> dict[str, str]:
    found: dict[str, str] = server.control("POST", "functions/import")["failed"]
    return found


def test_a_function_that_cannot_be_imported_is_told_with_its_traceback(server: Server) -> None:
    role = server.role("importing")
    functions.create(server, "importable", "def handler(event, context): return 1", role)
    functions.create(server, "unimportable", "VALUE = 1\nimport nowhere_at_all\n", role)
    said = failed(server)
    assert "importable" not in said
    assert 'app.py", line 2' in said["unimportable"]
    assert "No module named 'nowhere_at_all'" in said["unimportable"]


def test_one_that_ends_its_process_is_told_too(server: Server) -> None:
    functions.create(server, "exits", "raise SystemExit('no settings')", server.role("exits"))
    assert "no settings" in failed(server)["exits"]


def test_new_code_is_imported_anew(server: Server) -> None:
    functions.create(server, "mended", "import nowhere_at_all", server.role("mended"))
    assert "mended" in failed(server)
    assert "mended" in failed(server)  # not only the first time
    server.client("lambda").update_function_code(
        FunctionName="mended",
        ZipFile=functions.bundle({"app.py": "def handler(event, context): return 2"}),
    )
    assert "mended" not in failed(server)
    assert functions.invoke(server, "mended") == 2
