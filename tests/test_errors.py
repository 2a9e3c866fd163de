"""Every error of the package is also a builtin that users already catch."""

import pytest

from tsne_widget import errors

BUILTINS = {
    "UnknownMapError": KeyError,
    "DataError": ValueError,
    "GroupError": KeyError,
    "InvalidTypeError": TypeError,
    "InvalidValueError": ValueError,
    "MissingDependencyError": ImportError,
    "NotComputedError": AttributeError,
    "NotRunningError": RuntimeError,
    "RunFailedError": RuntimeError,
    "SaveError": OSError,
    "SelectionError": IndexError,
    "SeveralRunsError": AttributeError,
    "UnknownColumnError": KeyError,
    "UnknownParameterError": TypeError,
    "WaitTimeoutError": TimeoutError,
    "WorkersLostError": RuntimeError,
}
WARNINGS = [
    "InitWarning",
    "IsolatedRowsWarning",
    "NoEffectWarning",
    "OverlapWarning",
    "PerplexityWarning",
    "BlockingFitWarning",
    "PlacingWarning",
    "SavingWarning",
    "ScaleWarning",
    "StabilityWarning",
    "UnstableWarning",
]


def test_every_error_is_listed():
    known = {name for name in errors.__all__ if issubclass(getattr(errors, name), errors.TSNEWidgetError)}
    assert known == BUILTINS.keys() | {"TSNEWidgetError"}


@pytest.mark.parametrize("name", BUILTINS)
def test_an_error_is_caught_by_its_builtin_and_by_the_package_s_own(name):
    error = getattr(errors, name)
    assert issubclass(error, BUILTINS[name])
    assert issubclass(error, errors.TSNEWidgetError)
    assert error.__doc__


@pytest.mark.parametrize("name", BUILTINS)
def test_an_error_says_what_it_was_made_with(name):
    # A KeyError of Python shows its message in quotes, with its line breaks escaped.
    assert (
        str(getattr(errors, name)("there is no 'a'; did you mean 'b'?"))
        == "there is no 'a'; did you mean 'b'?"
    )


def test_an_unknown_column_is_wrong_data_too():
    assert issubclass(errors.UnknownColumnError, errors.DataError)


def test_every_warning_is_listed():
    known = {name for name in errors.__all__ if issubclass(getattr(errors, name), Warning)}
    assert known == set(WARNINGS)


@pytest.mark.parametrize("name", WARNINGS)
def test_a_warning_is_a_user_warning(name):
    assert name in errors.__all__
    assert issubclass(getattr(errors, name), UserWarning)
