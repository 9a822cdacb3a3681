// What there is to hear and speak with on this machine, and whether a kiosk could. In: names. Out: facts for the operator.

import Audio

/// The sound devices of this machine.
public enum SoundDevices {
    /// The PCMs that ALSA lists, each with what it is in one line.
    public static var names: [(name: String, description: String)] { AlsaStream.names() }

    /// Opens the devices of a kiosk, lets them go, and gives what they agreed to, microphone first.
    public static func forms(of settings: KioskLineSettings) throws(SoundDeviceError) -> [String] {
        try KioskPair.open(settings, band: .wideband).forms
    }
}
