"""Servers that are not ours, for the commands that are clients: Python's http.server and websockets, with TLS."""
import asyncio
import http.server
import os
import ssl
import subprocess
import tempfile
import threading

import websockets


class Certificate:
    """For localhost and 127.0.0.1, trusted by whoever trusts its file."""

    def __init__(self):
        self.file = os.path.join(tempfile.mkdtemp(prefix="weir-certificate-"), "both.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "2", "-subj", "/CN=weir test", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                        "-keyout", self.file + ".key", "-out", self.file], check=True, capture_output=True)

    def context(self):
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.file, self.file + ".key")
        return made


class HttpServer:
    """Calls `answer(handler, number)` for each request, counted from 0; remembers (method, path, headers, body)."""

    def __init__(self, answer, certificate=None):
        self.requests = []
        self.connections = 0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                outer.connections += 1
                super().setup()

            def serve(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.requests.append((self.command, self.path, dict(self.headers), body))
                answer(self, len(outer.requests) - 1)

            do_GET = do_POST = serve

            def log_message(self, *_):
                pass

            def reply(self, status, body=b"", **headers):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                if status != 204:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def begin_stream(self, kind="text/event-stream"):
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()

            def chunk(self, text):
                data = text.encode()
                self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

            def cut(self):
                """In the middle of a chunk."""
                self.wfile.write(b"ff\r\ndata: never whole")
                self.close_connection = True

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):
                pass  # a client that leaves in the middle

        self.server = Server(("127.0.0.1", 0), Handler)
        self.scheme = "https" if certificate else "http"
        if certificate:
            self.server.socket = certificate.context().wrap_socket(self.server.socket, server_side=True)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def url(self, path="", host="127.0.0.1"):
        return f"{self.scheme}://{host}:{self.server.server_address[1]}{path}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class WebSocketServer:
    """Runs `await serve(socket, number)` for each connection, counted from 0; remembers their paths and headers."""

    def __init__(self, serve, certificate=None):
        self.paths = []
        self.headers = []
        self.loop = asyncio.new_event_loop()
        self.scheme = "wss" if certificate else "ws"
        started = threading.Event()

        async def handle(socket, path):
            self.paths.append(path)
            self.headers.append(socket.request_headers)
            await serve(socket, len(self.paths) - 1)

        async def run():
            self.stop = self.loop.create_future()
            async with websockets.serve(handle, "127.0.0.1", 0, max_size=None, close_timeout=1,
                                        ssl=certificate.context() if certificate else None) as server:
                self.port = server.sockets[0].getsockname()[1]
                started.set()
                await self.stop

        self.thread = threading.Thread(target=lambda: self.loop.run_until_complete(run()))
        self.thread.start()
        started.wait()

    def url(self, path="", host="127.0.0.1"):
        return f"{self.scheme}://{host}:{self.port}{path}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(lambda: self.stop.done() or self.stop.set_result(None))
        self.thread.join()
        self.loop.close()
