"""XLA's flags, which must stand in the environment before JAX is imported: `import set_up` comes first."""

from __future__ import annotations

import os

DEVICES = min(os.cpu_count() or 1, 8)
_FLAGS = [
    f"--xla_force_host_platform_device_count={DEVICES}",
    "--xla_cpu_multi_thread_eigen=false",  # the devices share the cores already
    "--xla_cpu_prefer_vector_width=512",
]
os.environ["XLA_FLAGS"] = " ".join([*_FLAGS, os.environ.get("XLA_FLAGS", "")]).strip()
