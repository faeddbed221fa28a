#!/usr/bin/python3
"""A service that somebody signs up to and signs in to, with its metrics for Prometheus at /metrics (Debian's
python3-prometheus-client):

    examples/metrics-pipeline/service.py NAME [PORT]    PORT 0: any that is free
"""
import random
import sys
import time

from prometheus_client import Counter, Gauge, Histogram, start_http_server

name = sys.argv[1]
signins = Counter("signin", "Sign-ins by how they ended", ["result"])
signups = Counter("signup", "Sign-ups")
seconds = Histogram("signin_seconds", "How long a sign-in took")
waiting = Gauge("waiting_users", "Users in the queue")

server = start_http_server(int(sys.argv[2]) if len(sys.argv) > 2 else 0, "127.0.0.1")
port = server[0].server_port if server else int(sys.argv[2])
print(f"{name}: http://127.0.0.1:{port}/metrics", flush=True)
chance = random.Random(name)
while True:
    with seconds.time():
        time.sleep(chance.uniform(0.01, 0.1))
    signins.labels("ok" if chance.random() < 0.9 else "wrong_password").inc()
    waiting.set(chance.randrange(20))
    if chance.random() < 0.1:
        signups.inc()
