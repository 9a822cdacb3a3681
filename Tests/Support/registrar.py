"""A SIP registrar by TLS and nothing more, for tests: asks for a digest, and says what became of it.

    registrar.py PORT CERTIFICATE.pem PASSWORD

Knows one user, `shop`. Out: `ready`, then a line for each REGISTER and each connection that broke.
"""
import hashlib
import re
import socket
import ssl
import sys


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def answer(message, password):
    lines = message.split("\r\n")
    kept = [line for line in lines if re.match("(Via|From|Call-ID|CSeq|Contact):", line, re.I)]
    to = next(line for line in lines if line.lower().startswith("to:")) + ";tag=registrar"
    digest = re.search(r"\nAuthorization: Digest ([^\r]*)", message)
    if not digest:
        status, challenge = "401 Unauthorized", ['WWW-Authenticate: Digest realm="test", nonce="once", qop="auth"']
    else:
        f = dict(re.findall(r'(\w+)="?([^",]*)"?', digest[1]))
        parts = [md5(f"shop:test:{password}"), "once", f["nc"], f["cnonce"], "auth", md5(f"REGISTER:{f['uri']}")]
        status, challenge = "200 OK" if md5(":".join(parts)) == f["response"] else "403 Forbidden", []
    print(status, flush=True)
    return "\r\n".join([f"SIP/2.0 {status}", *kept, to, *challenge, "Content-Length: 0", "", ""]).encode()


def serve(way, password):
    text = b""
    while True:
        while b"\r\n\r\n" not in text:
            more = way.recv(65536)
            if not more:
                return
            text += more
        message, text = text.split(b"\r\n\r\n", 1)
        if message.startswith(b"REGISTER"):
            way.sendall(answer(message.decode(), password))


port, certificate, password = int(sys.argv[1]), sys.argv[2], sys.argv[3]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate)
door = socket.create_server(("127.0.0.1", port))
print("ready", flush=True)
while True:
    raw, _ = door.accept()
    raw.settimeout(20)
    try:
        serve(context.wrap_socket(raw, server_side=True), password)
    except OSError as error:
        print("broken", error, flush=True)
