"""What all pages share: layout, navigation, components, the palette. It knows no slice by name: slices register."""
