"""Definitions to and from Apache Ossie (incubating), the open exchange format of semantic models; core specification 0.2 draft."""
