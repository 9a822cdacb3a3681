// The settings of kiosks. In: the fields of one line of the configuration. Out: a value, and every mistake in it.

import Foundation
import Hearing
import Lines

extension Settings {
    /// A stand in the shop as the configuration has it.
    struct Kiosk: Sendable {
        var line = KioskLineSettings()
        /// A Linux input device, or a FIFO for the lines `wake` and `leave`.
        var button: String?
        /// The file that displays follow.
        var display: String?
        /// The phrase that wakes it.
        var wake: Wake?
    }

    /// A phrase to wait for.
    struct Wake: Sendable {
        var phrase = ""
        /// The power of ten that a find has to reach.
        var threshold = PhraseSpotter.usualThreshold
    }

    static let kioskReference: [Entry] = [
        Entry(name: "lines.microphone", summary: "PCM of ALSA that a kiosk hears with; left out: default"),
        Entry(name: "lines.loudspeaker", summary: "PCM of ALSA that it speaks with; left out: the microphone's"),
        Entry(name: "lines.microphoneGain", summary: "decibels, -40 to 40; left out: 0"),
        Entry(name: "lines.loudspeakerGain", summary: "decibels, -40 to 20; left out: 0"),
        Entry(name: "lines.wake", summary: "phrase and threshold that wake a kiosk; `rozmova kiosk tune` proposes one"),
        Entry(name: "lines.button", summary: "Linux input device, or FIFO for the lines wake and leave"),
        Entry(name: "lines.display", summary: "file that says what the kiosk is doing; left out: none"),
    ]
}

extension SettingFields {
    mutating func kiosk(_ name: String) -> Settings.Kiosk {
        var kiosk = Settings.Kiosk()
        kiosk.line.name = name
        if let microphone = text("microphone") { kiosk.line.microphone = microphone }
        kiosk.line.loudspeaker = text("loudspeaker") ?? kiosk.line.microphone
        if let gain = number("microphoneGain", -40...40) { kiosk.line.microphoneGain = gain }
        if let gain = number("loudspeakerGain", -40...20) { kiosk.line.loudspeakerGain = gain }
        if var wake = object("wake", known: ["phrase", "threshold"]) {
            kiosk.wake = wake.wake()
            mistakes += wake.mistakes
        }
        kiosk.button = text("button")
        kiosk.display = text("display")
        return kiosk
    }

    private mutating func wake() -> Settings.Wake {
        var wake = Settings.Wake()
        if let phrase = text("phrase") { wake.phrase = phrase } else { fail("phrase", "is missing") }
        // Smaller is nothing that the recogniser can tell; 1 is "as likely as other sounds together", which few reach in noise.
        if let threshold = number("threshold", 1e-80...1) { wake.threshold = log10(threshold) }
        return wake
    }
}
