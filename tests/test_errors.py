"""Every error of the package is also a builtin that users already catch."""

import pytest

from tsne_widget import errors

BUILTINS = {
    "DataError": ValueError,
    "InvalidTypeError": TypeError,
    "InvalidValueError": ValueError,
    "MissingDependencyError": ImportError,
    "NotComputedError": AttributeError,
    "NotRunningError": RuntimeError,
    "RunFailedError": RuntimeError,
    "SelectionError": IndexError,
    "SeveralRunsError": AttributeError,
    "UnknownParameterError": TypeError,
    "WaitTimeoutError": TimeoutError,
}


def test_every_error_is_listed():
    known = {name for name in errors.__all__ if issubclass(getattr(errors, name), errors.TSNEWidgetError)}
    assert known == BUILTINS.keys() | {"TSNEWidgetError"}


@pytest.mark.parametrize("name", BUILTINS)
def test_an_error_is_caught_by_its_builtin_and_by_the_package_s_own(name):
    error = getattr(errors, name)
    assert issubclass(error, BUILTINS[name])
    assert issubclass(error, errors.TSNEWidgetError)
    assert error.__doc__


@pytest.mark.parametrize("name", ["PerplexityWarning", "StabilityWarning"])
def test_a_warning_is_a_user_warning(name):
    assert name in errors.__all__
    assert issubclass(getattr(errors, name), UserWarning)
