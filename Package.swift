// swift-tools-version: 6.2
import PackageDescription

/// The module graph of `Sources/ARCHITECTURE.md`. `Tests/House` checks that imports keep to it.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

func library(_ name: String, uses modules: String...) -> Target {
    .target(name: name, dependencies: modules.map { .byName(name: $0) }, swiftSettings: strict)
}

func tests(_ name: String, uses modules: String...) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: modules.map { .byName(name: $0) },
        path: "Tests/\(name)", swiftSettings: strict)
}

func cLibrary(_ name: String, pkgConfig: String, debian: String) -> Target {
    .systemLibrary(
        name: name, path: "Sources/CLibraries/\(name)", pkgConfig: pkgConfig,
        providers: [.apt([debian])])
}

let package = Package(
    name: "rozmova",
    products: [
        .executable(name: "rozmova", targets: ["rozmova"]),
        // A sound card for tests, which ALSA loads by its name; it is not installed.
        .library(name: "TestCard", type: .dynamic, targets: ["TestCard"]),
    ],
    targets: [
        cLibrary("CPocketSphinx", pkgConfig: "pocketsphinx", debian: "libpocketsphinx-dev"),
        cLibrary("CESpeakNG", pkgConfig: "espeak-ng", debian: "libespeak-ng-dev"),
        cLibrary("CSQLite", pkgConfig: "sqlite3", debian: "libsqlite3-dev"),
        cLibrary("CSodium", pkgConfig: "libsodium", debian: "libsodium-dev"),
        cLibrary("CSpeexDSP", pkgConfig: "speexdsp", debian: "libspeexdsp-dev"),
        cLibrary("CALSA", pkgConfig: "alsa", debian: "libasound2-dev"),
        // C, as libre's functions take any number of arguments, which Swift cannot call. Debian's packages
        // libre-dev, librem-dev, libspandsp-dev and libssl-dev.
        .target(
            name: "CLine", path: "Sources/CLibraries/CLine",
            linkerSettings: ["re", "rem", "spandsp", "ssl", "crypto"].map { .linkedLibrary($0) }),

        // The parts of PocketSphinx that take most of its time and memory, written anew.
        .target(name: "CSearch", dependencies: ["CPocketSphinx"], path: "Sources/CLibraries/CSearch"),

        library("Platform"),
        library("Sealing", uses: "CSodium"),
        library("Audio", uses: "CSpeexDSP"),
        library("Commerce"),
        library("Language"),

        library("Understanding", uses: "Commerce", "Language"),
        library("Hearing", uses: "Platform", "Audio", "Language", "CPocketSphinx", "CSearch"),
        library("Speaking", uses: "Platform", "Audio", "Language", "CESpeakNG"),
        library("Lines", uses: "Platform", "Audio", "CLine", "CALSA"),
        library("Privacy", uses: "Commerce", "Language"),
        library("Services", uses: "Platform", "Sealing", "Commerce"),

        library("Storage", uses: "Platform", "Sealing", "Commerce", "Privacy", "CSQLite"),
        library("Dialogue", uses: "Understanding", "Commerce", "Language", "Privacy"),
        library(
            "Conversation",
            uses: "Platform", "Audio", "Language", "Commerce", "Privacy", "Understanding", "Dialogue"),
        library(
            "Benchmarks",
            uses: "Platform", "Sealing", "Audio", "Commerce", "Language", "Understanding", "Hearing",
            "Speaking", "Lines", "Privacy", "Services", "Storage", "Dialogue", "Conversation"),
        .executableTarget(
            name: "rozmova",
            dependencies: [
                "Platform", "Sealing", "Audio", "Commerce", "Language", "Understanding", "Hearing",
                "Speaking", "Lines", "Privacy", "Services", "Storage", "Dialogue", "Conversation", "Benchmarks",
            ],
            swiftSettings: strict),

        .target(
            name: "TestCard", path: "Tests/Support/TestCard", cSettings: [.define("PIC")],
            linkerSettings: [.linkedLibrary("asound")]),
        // A telephone by hand, for tests of the line and of the daemon.
        .target(name: "TestCaller", path: "Tests/Support/TestCaller", swiftSettings: strict),
        tests("Platform", uses: "Platform"),
        tests("Audio", uses: "Audio"),
        tests("Sealing", uses: "Sealing"),
        tests("Commerce", uses: "Commerce"),
        tests("Language", uses: "Language"),
        tests("Understanding", uses: "Understanding", "Commerce", "Language"),
        tests("Hearing", uses: "Hearing", "Audio", "Language"),
        tests("Speaking", uses: "Speaking", "Audio", "Language"),
        tests("Lines", uses: "Lines", "Audio", "Platform", "TestCaller"),
        tests("Privacy", uses: "Privacy", "Language"),
        tests("Services", uses: "Services", "Commerce", "Platform", "Sealing", "Storage", "Privacy"),
        tests("Storage", uses: "Storage", "Commerce", "Privacy", "Sealing"),
        tests("Dialogue", uses: "Dialogue", "Understanding", "Commerce", "Language", "Privacy"),
        tests(
            "Conversation",
            uses: "Conversation", "Dialogue", "Understanding", "Commerce", "Language", "Privacy", "Audio", "Lines"),
        tests("House"),
        tests("Commands", uses: "Audio", "TestCaller"),
    ]
)
