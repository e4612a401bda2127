"""What the command says when it cannot go on: a whole sentence, Chinese first, with its English twin."""


class Refused(Exception):
    """The table, or what was asked of it, cannot be used as it is.

    Parameters
    ----------
    chinese, english : str
        The same whole sentences, saying what is so and then what to do.
    """

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese}\n{english}")
        self.chinese = chinese
        self.english = english
