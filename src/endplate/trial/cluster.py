"""Workers of an existing dask.distributed cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from endplate.errors import EndplateError
from endplate.trial.span import Found, Order, Span, follow_span

try:
    import distributed
except ModuleNotFoundError as missing:
    raise EndplateError(
        f"a cluster needs the package {missing.name}; install it: pip install 'endplate[cluster]'"
    ) from None

__all__ = ["Cluster"]

# Spans that wait at the cluster for each of its threads, so that no thread waits for us.
_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Cluster:
    """Workers of a cluster.

    A worker that ends in mid-span costs that span only: the scheduler gives it to another one.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://host:8786``.
    patience
        How long to wait for the scheduler to answer [s].
    """

    address: str
    patience: float = 10.0

    def follow(self, order: Order, spans: Iterable[Span]) -> Iterator[tuple[Span, Found]]:
        """Follow all spans.

        Raises
        ------
        EndplateError
            If the scheduler does not answer, has no workers, or a span fails.
        """
        client = self._client()
        try:
            threads = sum(client.nthreads().values())
            if not threads:
                raise EndplateError(f"the cluster at {self.address} has no workers; start some: dask worker ADDRESS")
            yield from _followed(client, order, iter(spans), ahead=_AHEAD * threads)
        finally:
            client.close()

    def _client(self) -> Any:
        try:
            return distributed.Client(self.address, timeout=self.patience, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            words = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise EndplateError(f"no dask scheduler answers at {self.address}: {words}") from None


def _followed(client: Any, order: Order, spans: Iterator[Span], *, ahead: int) -> Iterator[tuple[Span, Found]]:
    """Keep some spans waiting at the cluster, and give what is finished."""

    def sent(some: Iterable[Span]) -> dict[Any, Span]:
        # Impure: a span is followed when it is asked for, not taken from what an earlier run may have left there.
        return {client.submit(follow_span, order, span, pure=False): span for span in some}

    at_work = sent(islice(spans, ahead))
    finished: Any = distributed.as_completed(list(at_work), loop=client.loop)
    for future in finished:
        span = at_work.pop(future)
        try:
            found: Found = future.result()
        except EndplateError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a worker raised
            words = f"{type(error).__name__}: {error}".splitlines()[0]
            raise EndplateError(f"patients {span.first} to {span.stop} failed on the cluster: {words}") from None
        future.release()
        for one, other in sent(islice(spans, 1)).items():
            at_work[one] = other
            finished.add(one)
        yield span, found
