#!/usr/bin/python3
"""Prints the events of some topics as lines of JSON (Debian's python3-zmq and python3-msgpack):

    examples/events-hub/subscribe.py [--msgpack] [--at HOST:PORT] [TOPIC …]

A topic is meant exactly, or with * at its end as a prefix; all unless told.
"""
import argparse
import json
import sys

import msgpack
import zmq

words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
words.add_argument("--msgpack", action="store_true")
words.add_argument("--at", metavar="HOST:PORT", help="127.0.0.1:5556, or :5557 with --msgpack")
words.add_argument("topics", metavar="TOPIC", nargs="*", default=["*"])
told = words.parse_args()

socket = zmq.Context().socket(zmq.SUB)
for topic in told.topics:
    # ZeroMQ knows prefixes alone; the space that ends a topic makes one exact.
    socket.setsockopt_string(zmq.SUBSCRIBE, topic[:-1] if topic.endswith("*") else topic + " ")
socket.connect("tcp://" + (told.at or ("127.0.0.1:5557" if told.msgpack else "127.0.0.1:5556")))
try:
    while True:
        topic, payload = socket.recv().split(b" ", 1)
        event = msgpack.unpackb(payload) if told.msgpack else json.loads(payload)
        print(json.dumps({"topic": topic.decode(), "event": event}), flush=True)
except (KeyboardInterrupt, BrokenPipeError):
    sys.exit(0)
