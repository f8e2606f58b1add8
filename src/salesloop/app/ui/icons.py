"""Line icons, drawn for SalesLoop on a 24 × 24 grid; stroke and size come from the `icon` class."""

PATHS = {
    "home": '<path d="M4 11.5 12 5l8 6.5V19a1 1 0 0 1-1 1h-4.5v-5h-5v5H5a1 1 0 0 1-1-1z"/>',
    "data": '<ellipse cx="12" cy="6" rx="7.5" ry="2.8"/><path d="M4.5 6v6c0 1.5 3.4 2.8 7.5 2.8s7.5-1.3 7.5-2.8V6"/>'
    '<path d="M4.5 12v6c0 1.5 3.4 2.8 7.5 2.8s7.5-1.3 7.5-2.8v-6"/>',
    "board": '<rect x="4" y="4.5" width="7" height="6.5" rx="1"/><rect x="13" y="4.5" width="7" height="6.5" rx="1"/>'
    '<rect x="4" y="13" width="7" height="6.5" rx="1"/><rect x="13" y="13" width="7" height="6.5" rx="1"/>',
    "metrics": '<path d="M4 20h16"/><path d="M6.5 16v-5M12 16V5M17.5 16V9"/>',
    "target": '<circle cx="12" cy="12" r="8"/><circle cx="12" cy="12" r="4"/><path d="M12 12h.01"/>',
    "analysis": '<path d="M4 18 9.5 12l4 3.5L20 7"/><path d="M15.5 7H20v4.5"/>',
    "report": '<path d="M7 3.5h7L18.5 8v12.5H7z"/><path d="M13.5 3.5V8.5h5M10 13h5.5M10 16.5h5.5"/>',
    "alert": '<path d="M12 4.5 20.5 19h-17z"/><path d="M12 10.5v4M12 16.9v.01"/>',
    "action": '<rect x="4" y="4.5" width="16" height="15.5" rx="2"/><path d="m8.5 12.3 2.6 2.6 4.6-5.2"/>',
    "review": '<path d="M5 18.5V6.5a1 1 0 0 1 1-1h12a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H8z"/><path d="M9 9.5h6M9 12.8h4"/>',
    "talk": '<path d="M4.5 6.5a1 1 0 0 1 1-1h9a1 1 0 0 1 1 1v5.5a1 1 0 0 1-1 1H9l-3 2.7V13h-.5a1 1 0 0 1-1-1z"/><path d="M18 9.5h.5a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1H18v2.5l-3-2.5h-3.5"/>',
    "voice": '<path d="M5 10v4M9 7v10M13 4.5v15M17 8v8M20.5 10.5v3"/>',
    "people": '<circle cx="9" cy="8.5" r="3.2"/><path d="M3.5 19c.4-3.3 2.6-5 5.5-5s5.1 1.7 5.5 5"/>'
    '<path d="M15.5 5.7a3.2 3.2 0 0 1 0 5.6M17.2 14.4c1.9.7 3 2.3 3.3 4.6"/>',
    "person": '<circle cx="12" cy="8" r="3.5"/><path d="M5 19.5c.6-3.8 3.3-5.6 7-5.6s6.4 1.8 7 5.6"/>',
    "org": '<rect x="9" y="3.5" width="6" height="4.5" rx="1"/><rect x="3.5" y="16" width="6" height="4.5" rx="1"/>'
    '<rect x="14.5" y="16" width="6" height="4.5" rx="1"/><path d="M12 8v4M6.5 16v-4h11v4"/>',
    "settings": '<path d="M4 7.5h9M17 7.5h3M4 16.5h3M11 16.5h9"/><circle cx="15" cy="7.5" r="2"/>'
    '<circle cx="9" cy="16.5" r="2"/>',
    "log": '<path d="M5 5.5h14M5 10h14M5 14.5h9M5 19h6"/>',
    "bell": '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15z"/><path d="M10.3 20.5h3.4"/>',
    "search": '<circle cx="11" cy="11" r="6"/><path d="m15.5 15.5 4 4"/>',
    "more": '<path d="M5 12h.01M12 12h.01M19 12h.01"/>',
    "close": '<path d="m6.5 6.5 11 11M17.5 6.5l-11 11"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "plus": '<path d="M12 5.5v13M5.5 12h13"/>',
    "left": '<path d="m14.5 6-6 6 6 6"/>',
    "right": '<path d="m9.5 6 6 6-6 6"/>',
    "up": '<path d="M12 19V6M6.5 11 12 5.5 17.5 11"/>',
    "down": '<path d="M12 5v13M6.5 13l5.5 5.5 5.5-5.5"/>',
    "info": '<circle cx="12" cy="12" r="8"/><path d="M12 11.3v4.5M12 8.3v.01"/>',
    "table": '<rect x="4" y="5" width="16" height="14" rx="1.5"/><path d="M4 10h16M4 14.5h16M10 10v9"/>',
    "chart": '<path d="M4.5 4.5V19a.5.5 0 0 0 .5.5h14.5"/><path d="m8 14.5 3.5-4 3 2.5 4.5-6"/>',
    "filter": '<path d="M4.5 6h15l-5.8 7v5.5l-3.4-1.7V13z"/>',
    "download": '<path d="M12 4.5v10M7.5 10.5l4.5 4.5 4.5-4.5M5 19.5h14"/>',
    "upload": '<path d="M12 15V4.5M7.5 9 12 4.5 16.5 9M5 19.5h14"/>',
    "copy": '<rect x="8.5" y="8.5" width="11" height="11" rx="1.5"/><path d="M15.5 8.5V5.5a1 1 0 0 0-1-1H5.5a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1h3"/>',
    "link": '<path d="M10 14a3.5 3.5 0 0 0 5 0l3.5-3.5a3.5 3.5 0 0 0-5-5L12 7"/>'
    '<path d="M14 10a3.5 3.5 0 0 0-5 0l-3.5 3.5a3.5 3.5 0 0 0 5 5L12 17"/>',
    "lock": '<rect x="5.5" y="10.5" width="13" height="9" rx="1.5"/><path d="M8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5"/>',
    "inbox": '<path d="M4.5 13.5 7 5.5h10l2.5 8v5h-15z"/><path d="M4.5 13.5h4.5l1 2h4l1-2h4.5"/>',
    "clock": '<circle cx="12" cy="12" r="8"/><path d="M12 7.5V12l3 2"/>',
    "calendar": '<rect x="4" y="5.5" width="16" height="14" rx="1.5"/><path d="M4 10h16M8.5 3.5v4M15.5 3.5v4"/>',
    "edit": '<path d="m5 19 .8-3.6L16 5.2l2.8 2.8L8.6 18.2z"/>',
    "retry": '<path d="M19 12a7 7 0 1 1-2.2-5.1"/><path d="M19.5 4v4h-4"/>',
    "sun": '<circle cx="12" cy="12" r="3.8"/><path d="M12 4v1.5M12 18.5V20M4 12h1.5M18.5 12H20M6.3 6.3l1.1 1.1M16.6 16.6l1.1 1.1M6.3 17.7l1.1-1.1M16.6 7.4l1.1-1.1"/>',
    "moon": '<path d="M18.5 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9 9.5z"/>',
    "globe": '<circle cx="12" cy="12" r="8"/><path d="M4 12h16M12 4c4.5 4.5 4.5 11.5 0 16-4.5-4.5-4.5-11.5 0-16z"/>',
    "logout": '<path d="M13.5 4.5H6a1 1 0 0 0-1 1v13a1 1 0 0 0 1 1h7.5M10.5 12H20M16.5 8.5 20 12l-3.5 3.5"/>',
    "keyboard": '<rect x="3.5" y="6.5" width="17" height="11" rx="1.5"/><path d="M7 10h.01M10.3 10h.01M13.7 10h.01M17 10h.01M8.5 14h7"/>',
}

LOGO = (
    '<path d="M20.4 9.2A9 9 0 1 1 14.8 3.6" fill="none" stroke="currentColor" stroke-width="2.8" stroke-linecap="round"/>'
    '<path d="m13.2 1 5.2 2.4-2.9 4.9z" fill="currentColor"/><circle cx="12" cy="12" r="3.6" fill="currentColor"/>'
)
