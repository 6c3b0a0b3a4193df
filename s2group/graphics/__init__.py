"""What the portal draws: waveforms, QR codes, share cards, posters."""
