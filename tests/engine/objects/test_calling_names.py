"""Names of equations mean what they mean in Python where ``run()`` stands: the locals there, then the globals."""

import functools
import threading

import pytest

from jupyspike import Network, NeuronGroup, check_units, ms, network_operation, second

rate = 1 / ms  # the global that locals of the same name hide


def group(**options):
    return NeuronGroup(1, "dv/dt = rate : 1", method="euler", **options)


def after_a_step(made):
    return round(float(made.v[0]) * 10)


def simulated(rate):
    made = group()
    Network(made).run(0.1 * ms)
    return after_a_step(made)


def of_the_module():
    made = group()
    Network(made).run(0.1 * ms)
    return after_a_step(made)


def of_the_function():
    rate = 2 / ms  # the equations use it
    made = group()
    Network(made).run(0.1 * ms)
    return after_a_step(made)


def of_an_outer_function_that_names_it_not():
    rate = 2 / ms
    return (lambda: of_the_module())()


def of_an_outer_function_that_is_closed_over():
    rate = 2 / ms

    def inner():
        made, used = group(), rate
        Network(made).run(0.1 * ms)
        return after_a_step(made) if used else None

    return inner()


def of_a_lambda():
    return (lambda rate, made: (Network(made).run(0.1 * ms), after_a_step(made))[1])(2 / ms, group())


def of_a_loop():
    for rate in (3 / ms, 2 / ms):  # noqa: B007  # equations find it by its name
        made = group()
        Network(made).run(0.1 * ms)
    return after_a_step(made)


def of_a_comprehension():
    (answer,) = [(Network(made).run(0.1 * ms), after_a_step(made))[1] for rate in [2 / ms] for made in [group()]]
    return answer


def of_a_class_whose_method_runs():
    class Model:
        rate = 3 / ms  # not a name inside methods

        def run(self):
            made = group()
            Network(made).run(0.1 * ms)
            return after_a_step(made)

    return Model().run()


def of_a_thread():
    answers = []
    thread = threading.Thread(target=lambda rate: answers.append(simulated(rate)), args=(2 / ms,))
    thread.start()
    thread.join()
    return answers[0]


def of_a_text_that_is_executed():
    names = {"rate": 2 / ms, "made": group(), "Network": Network, "ms": ms}
    exec("Network(made).run(0.1 * ms)", names)
    return after_a_step(names["made"])


def of_a_decorated_function():
    def decorator(function):
        @functools.wraps(function)
        def decorated(*arguments):
            rate = 3 / ms
            return function(*arguments)

        return decorated

    return decorator(simulated)(2 / ms)


def of_a_function_with_checked_units():
    return check_units(rate=1 / second)(simulated)(2 / ms)


def of_a_call_through_python_itself():
    rate = 2 / ms
    made = group()
    list(map(functools.partial(Network.run, Network(made)), [0.1 * ms]))
    return after_a_step(made)


def of_the_operation_that_sets_values():
    rate = 3 / ms
    made = NeuronGroup(1, "v : 1")

    @network_operation
    def setting():
        rate = 2 / ms
        made.v = "rate*dt"

    Network(made, setting).run(0.1 * ms)
    return after_a_step(made)


def of_the_group():
    made = group(namespace={"rate": 2 / ms})
    Network(made).run(0.1 * ms)
    return after_a_step(made)


def of_the_group_before_those_of_the_run():
    made = group(namespace={"rate": 2 / ms})
    Network(made).run(0.1 * ms, namespace={"rate": 3 / ms})
    return after_a_step(made)


def of_the_run():
    rate = 3 / ms
    made = group()
    Network(made).run(0.1 * ms, namespace={"rate": 2 / ms})
    return after_a_step(made)


def of_the_caller_of_a_helper():
    def helper(network):
        network.run(0.1 * ms, level=1)

    rate = 2 / ms
    made = group()
    helper(Network(made))
    return after_a_step(made)


GLOBAL = [of_the_module, of_an_outer_function_that_names_it_not, of_a_class_whose_method_runs]
NEARER = [
    of_the_function, of_an_outer_function_that_is_closed_over, of_a_lambda, of_a_loop, of_a_comprehension, of_a_thread,
    of_a_text_that_is_executed, of_a_decorated_function, of_a_function_with_checked_units,
    of_a_call_through_python_itself, of_the_operation_that_sets_values, of_the_group,
    of_the_group_before_those_of_the_run, of_the_run, of_the_caller_of_a_helper,
]  # fmt: skip


@pytest.mark.parametrize("names", GLOBAL, ids=lambda f: f.__name__)
def test_the_names_of_the_module(names):
    assert names() == 1


@pytest.mark.parametrize("names", NEARER, ids=lambda f: f.__name__)
def test_names_that_are_nearer_than_those_of_the_module(names):
    assert names() == 2
