// What is kept of a caller, and a caller's rights: hearing of it, refusing it, having it sent, having it erased. In: acts, in any state
// of the conversation. Out: words from the same policy by which it is kept, and effects.

import Commerce
import Language
import Privacy
import Understanding

extension Turn {
    /// Who is speaking, and whether it is recorded and what for.
    mutating func tellNotice() {
        if isRecorded { say(.noticeRecorded, ["purpose": purpose(.audio)]) } else { say(.notice) }
    }

    /// What the policy says is kept of this conversation and of customers, in which form, for how long and what for, and what
    /// one may ask for.
    mutating func tellPrivacy() {
        let isUnderstood = context.retention[.acts].form >= .redacted
        switch context.retention[.transcript].form {
        case .full: tell(.privacyTranscript, .transcript)
        case .redacted: tell(.privacyTranscriptRedacted, .transcript)
        case .off, .statistics: say(.privacyNoTranscript)
        }
        // What was understood is part of what was said, for as long as that is kept.
        if isUnderstood, context.retention[.acts].days > context.retention[.transcript].days {
            tell(.privacyActs, .acts)
        }
        if isRecorded { tell(.privacyAudio, .audio) } else { say(.privacyNoAudio) }
        if context.retention[.event].form != .off { tell(.privacyCalls, .event) }
        if context.retention[.order].form != .off { tell(.privacyOrders, .order) }
        if context.retention[.profile].form == .full { tell(.privacyProfile, .profile) }
        let mayBeRefused = isRecorded || isUnderstood || context.retention[.transcript].form >= .redacted
        say(mayBeRefused ? .privacyRights : .privacyRightsOnly)
    }

    private var isRecorded: Bool { context.retention[.audio].form >= .redacted }

    private mutating func tell(_ prompt: PromptKey, _ kind: DataKind) {
        say(prompt, ["time": time(context.retention[kind]), "purpose": purpose(kind)])
    }

    /// What something is kept for: the pack's words where the policy says what it says by itself, else the operator's own.
    private func purpose(_ kind: DataKind) -> PromptValue {
        let own = context.retention[kind].purpose
        let prompt: PromptKey? =
            switch kind {
            case .audio: .purposeAudio
            case .transcript: .purposeTranscript
            case .acts: .purposeActs
            case .profile: .purposeProfile
            case .order: .purposeOrder
            case .event: .purposeEvent
            case .log, .audit: nil
            }
        guard let prompt, own == RetentionPolicy.standard[kind].purpose else { return .text(own) }
        return wording.value(prompt, [:])
    }

    /// How long something is kept, in whole years where it is that.
    private func time(_ rule: Retention) -> PromptValue {
        let isYears = rule.days > 0 && rule.days.isMultiple(of: 365)
        let count = isYears ? rule.days / 365 : rule.days
        return wording.value(isYears ? .spanYears : .spanDays, ["count": .count(thousandths: count * 1_000)])
    }

    /// Neither voice nor words of this call are kept from now on, and those until now are removed. The question that was
    /// open stays open.
    mutating func refuseRecording() {
        let isKept = [.audio, .transcript, .acts].contains { context.retention[$0].form != .off }
        guard isKept else { return say(.nothingRecorded) }
        send(.refuseRecording)
        // What came of it is said first; then the conversation goes on where it was.
        hasAsked = true
    }

    mutating func refused(_ isDone: Bool) { say(isDone ? .recordingStopped : .recordingStoppedLater) }

    // MARK: For who has proved who is calling

    /// Reads out what is kept of the caller, and has it sent where messages reach callers.
    mutating func tellData(_ act: Act) {
        guard isProved(for: act) else { return }
        wait(for: .tellingData, sending: .tellData(sends: sendsMessages))
    }

    private var sendsMessages: Bool { context.proofs.contains(.code) }

    mutating func dataTold(_ attempt: EffectOutcome.Attempt<KeptData?>) {
        switch attempt {
        case .done(let kept?):
            say(
                .dataKept,
                [
                    "orders": .count(thousandths: kept.orders.count * 1_000),
                    "addresses": .count(thousandths: kept.addresses.count * 1_000),
                    "conversations": .count(thousandths: kept.conversations * 1_000),
                ])
            if kept.recordings > 0 {
                say(.dataRecordings, ["recordings": .count(thousandths: kept.recordings * 1_000)])
            }
            say(sendsMessages ? .dataSent : .dataNotSent)
        case .done(nil): say(.dataNone)
        case .failed: sayDeskFailed(.exportMyData)
        }
    }

    /// Asks whether everything is to be erased; nothing is before a sure yes.
    mutating func eraseData(_ act: Act) {
        guard isProved(for: act) else { return }
        ask(.eraseData)
    }

    mutating func dataErased(_ attempt: EffectOutcome.Attempt<ErasedData>) {
        guard case .done(let erased) = attempt else { return sayDeskFailed(.deleteMyData) }
        state.customer = nil
        state.brokenOff = nil
        say(.dataErased)
        if erased.orders > 0 {
            say(
                .dataErasedOrders,
                [
                    "orders": .count(thousandths: erased.orders * 1_000), "time": time(context.retention[.order]),
                ])
        }
        if !erased.underway.isEmpty {
            say(.dataErasedUnderway, ["numbers": .list(erased.underway.map { .orderNumber($0) })])
        }
    }
}
