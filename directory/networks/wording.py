"""A network inside a sentence, with its article."""

from __future__ import annotations

from directory.networks.models import Network


def network_named(network: Network) -> str:
    """« le Réseau Bretagne Solidaire », « So Coopération », « l’équipe de la file nationale »."""
    if network.is_national:
        return "l’équipe de la file nationale"
    return f"le {network.name}" if network.name.startswith("Réseau") else network.name


def network_toward(network: Network) -> str:
    """« au Réseau Bretagne Solidaire », « à So Coopération », « à la file nationale »."""
    if network.is_national:
        return "à la file nationale"
    return f"au {network.name}" if network.name.startswith("Réseau") else f"à {network.name}"
