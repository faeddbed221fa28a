"""An HTTP server of Python's standard library that keeps every message it was POSTed: a target for --post.

As a program: post_target.py PORT FILE appends what it gets to FILE, until it is killed.
"""
import http.server
import sys
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.take(body)
        self.send_response(204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class PostTarget(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port=0, take=None):
        super().__init__(("127.0.0.1", port), Handler)
        self.messages = []
        self.take = take or (lambda body: self.messages.extend(body.splitlines()))
        self.thread = threading.Thread(target=self.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server_address[1]}/in"
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


if __name__ == "__main__":
    with open(sys.argv[2], "ab", buffering=0) as file, PostTarget(int(sys.argv[1]), file.write) as target:
        print(target.server_address[1], flush=True)
        target.thread.join()
