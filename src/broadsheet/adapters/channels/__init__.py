"""Delivery channels: one folder each, behind `delivery.ports.Channel`."""
