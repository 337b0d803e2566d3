"""Reads a letter as Python's email library does and tells what it found, as JSON."""
import email
import email.policy
import json
import sys

message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)

def text(part):
    content = part.get_content()
    return content.decode() if isinstance(content, bytes) else content

parts = {part.get_content_type(): text(part) for part in message.walk() if not part.is_multipart()}
methods = [part["content-type"].params["method"] for part in message.walk() if "method" in part["content-type"].params]

def shape(part):
    inner = ",".join(shape(p) for p in part.iter_parts()) if part.is_multipart() else ""
    return part.get_content_subtype() + ("{" + inner + "}" if inner else "")

defects = [repr(defect) for part in message.walk() for defect in part.defects]
defects += [f"{name}: {defect!r}" for part in message.walk() for name, value in part.items() for defect in value.defects]
json.dump({
    "defects": defects,
    "headers": [[name.lower(), str(value).strip()] for name, value in message.items()],
    "from": [str(a.addr_spec) for a in message["from"].addresses],
    "to": [str(a.addr_spec) for a in message["to"].addresses],
    "date": message["date"].datetime.isoformat(),
    "parts": parts,
    "methods": methods,
    "shape": shape(message),
}, sys.stdout)
