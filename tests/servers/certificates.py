"""Makes an authority and certificates, sound ones and rotten ones, with the openssl command."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Certificate:
    """Two PEM files."""

    certificate: Path
    key: Path


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Authority:
    """An authority of our own in a folder; `ca_file` is what a client has to trust."""

    def __init__(self, folder: Path, name: str = "askaround test authority") -> None:
        self._folder = folder
        self._key = folder / "authority.key"
        self.ca_file = folder / "authority.pem"
        self._made = 0
        _new_key(self._key)
        _openssl(
            *("req", "-x509", "-new", "-key", self._key, "-days", "3650", "-subj", f"/CN={name}"),
            *("-addext", "keyUsage=critical,keyCertSign,cRLSign", "-out", self.ca_file),
        )

    def issue(self, *names: str, days: int = 3650, in_2099: bool = False) -> Certificate:
        """A certificate for these names ("DNS:localhost", "IP:127.0.0.1"); negative days: it has expired.

        One that counts `in_2099` alone is not valid yet.
        """
        self._made += 1
        stem = self._folder / f"server{self._made}"
        key, request, extensions, certificate = (stem.with_suffix(s) for s in (".key", ".csr", ".ext", ".pem"))
        _new_key(key)
        extensions.write_text(f"subjectAltName={','.join(names)}\n")
        _openssl("req", "-new", "-key", key, "-subj", "/CN=server", "-out", request)
        if in_2099:
            self._ahead(request, extensions, certificate)
            return Certificate(certificate, key)
        _openssl(
            *("x509", "-req", "-in", request, "-CA", self.ca_file, "-CAkey", self._key, "-CAcreateserial"),
            *("-days", str(days), "-extfile", extensions, "-out", certificate),
        )
        return Certificate(certificate, key)

    def _ahead(self, request: Path, extensions: Path, certificate: Path) -> None:
        """Dates of one's own are for `openssl ca` alone, which wants a folder to keep its books in."""
        (self._folder / "index.txt").touch()
        config = self._folder / "ca.cnf"
        config.write_text(
            f"[ca]\ndefault_ca = own\n[own]\ndatabase = {self._folder}/index.txt\nnew_certs_dir = {self._folder}\n"
            f"serial = {self._folder}/serial\ndefault_md = sha256\npolicy = any\n[any]\ncommonName = supplied\n"
        )
        _openssl(
            *("ca", "-batch", "-config", config, "-in", request, "-cert", self.ca_file, "-keyfile", self._key),
            *("-startdate", "20990101000000Z", "-enddate", "20991231000000Z", "-rand_serial", "-notext"),
            *("-extfile", extensions, "-out", certificate),
        )


def self_signed(folder: Path, *names: str) -> Certificate:
    """A certificate that nobody vouches for."""
    key, certificate = folder / "alone.key", folder / "alone.pem"
    _new_key(key)
    _openssl(
        *("req", "-x509", "-new", "-key", key, "-days", "3650", "-subj", "/CN=server"),
        *("-addext", f"subjectAltName={','.join(names)}", "-out", certificate),
    )
    return Certificate(certificate, key)


def _new_key(path: Path) -> None:
    _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path)
