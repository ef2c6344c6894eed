"""Devices, under the name that scripts import them by."""

from __future__ import annotations

from jupyspike_engine.objects.running.devices import (
    CPPStandaloneDevice,
    Device,
    RuntimeDevice,
    all_devices,
    device,
    get_device,
    reinit_devices,
    reset_device,
    set_device,
)

__all__ = [
    "CPPStandaloneDevice", "Device", "RuntimeDevice", "all_devices", "device", "get_device", "reinit_devices",
    "reset_device", "set_device",
]  # fmt: skip
