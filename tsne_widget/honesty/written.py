"""Write shares and sentences."""


def percent(share: float) -> str:
    """Write a share of 1 in percent."""
    return f"{100 * share:.0f} %" if share >= 0.01 or share == 0 else "less than 1 %"


def capital(text: str) -> str:
    """Begin a sentence."""
    return text[:1].upper() + text[1:]
