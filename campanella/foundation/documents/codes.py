"""Two-dimensional codes as vector drawings."""

from campanella.foundation.core.later import Later

zxingcpp = Later("zxingcpp")


def qr_svg(text: str, *, version: int | None = None) -> bytes:
    """
    Draw a QR code (ISO 18004, error correction M) without its quiet zone, one unit a module.

    Whoever places it leaves four modules free around it.

    :param version: 1 to 40 fixes the size (17 + 4 × version modules); without it, the smallest that fits
    """
    size = {} if version is None else {"version": version}
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M", **size)
    return str(zxingcpp.write_barcode_to_svg(code, scale=1, add_quiet_zones=False)).encode()
