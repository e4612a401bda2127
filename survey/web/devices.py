"""The browser somebody uses, in two words: what he knows it by in a list of his own logins, and nothing more."""

# The first that fits: browsers name others, too, to be taken for them.
_BROWSERS = (
    ("wxwork", "WeCom"), ("MicroMessenger", "WeChat"), ("DingTalk", "DingTalk"), ("Edg", "Edge"), ("OPR", "Opera"), ("360SE", "360"),
    ("QQBrowser", "QQ"), ("UCBrowser", "UC"), ("HuaweiBrowser", "Huawei"), ("MiuiBrowser", "Mi"), ("SamsungBrowser", "Samsung"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("Chrome", "Chrome"), ("CriOS", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_MACHINES = (
    ("HarmonyOS", "HarmonyOS"), ("OpenHarmony", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Macintosh", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def device(agent: str) -> str:
    """Browser and machine, as far as the browser says; empty when it says nothing of the kind."""
    found = (next((name for mark, name in names if mark in agent), "") for names in (_BROWSERS, _MACHINES))
    return " · ".join(part for part in found if part)
