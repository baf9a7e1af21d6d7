"""The certificate and key that team mode is served with."""

import ssl
from pathlib import Path

from reviewflow.faults import Fault, raise_faults


def tls_context(certfile: Path | None, keyfile: Path | None) -> ssl.SSLContext | None:
    """The context of a server with this certificate; none where neither file is given. Raises DataFaults."""
    if certfile is None and keyfile is None:
        return None
    if certfile is None or keyfile is None:
        given, lacking = ("--key", "--cert") if certfile is None else ("--cert", "--key")
        raise_faults([Fault(given, 0, "", "a certificate and its key go together", f"give {lacking} too")])
    assert certfile is not None
    assert keyfile is not None
    raise_faults([*_unreadable("--cert", certfile), *_unreadable("--key", keyfile)])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certfile, keyfile, password=_refuse)
    except _Encrypted:
        mend = "decrypt it: openssl pkey -in KEY -out PLAIN"
        raise_faults([Fault(str(keyfile), 0, "", "the key is protected by a passphrase", mend)])
    except ssl.SSLError as error:
        raise_faults([_mismatch(certfile, keyfile, error)])
    return context


class _Encrypted(Exception):
    pass


def _refuse() -> str:
    """Instead of a question at the terminal, which a service has nobody to answer."""
    raise _Encrypted


def _unreadable(option: str, file: Path) -> list[Fault]:
    if not file.is_file():
        return [Fault(str(file), 0, "", "the file is not there", f"give {option} a PEM file")]
    try:
        text = file.read_bytes()
    except OSError as error:
        mend = "let the user that runs this command read it"
        return [Fault(str(file), 0, "", f"the file cannot be read ({error.strerror})", mend)]
    wanted = b"-----BEGIN CERTIFICATE-----" if option == "--cert" else b"PRIVATE KEY-----"
    if wanted not in text:
        what = "certificate" if option == "--cert" else "private key"
        return [Fault(str(file), 0, "", f"no PEM {what} is in it", f"give {option} the {what} in PEM")]
    return []


def _mismatch(certfile: Path, keyfile: Path, error: ssl.SSLError) -> Fault:
    if error.reason == "KEY_VALUES_MISMATCH":
        mend = (
            "give the key that the certificate was made with; where the file is a chain, the own certificate is first"
        )
        return Fault(str(keyfile), 0, "", f"is not the key of {certfile}", mend)
    problem = f"cannot be used with {keyfile} ({error.reason or error})"
    return Fault(str(certfile), 0, "", problem, "give an unbroken certificate and key in PEM")
