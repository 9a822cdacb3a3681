// The program: finds the command that the words ask for, runs it, and turns what became of it into an exit status.
// 0 done, 1 the work failed, 2 wrong usage.

import Foundation
import Platform

/// Where the program begins.
@main
enum Rozmova {
    /// Every command, in the order in which `rozmova help` shows them. A new one is added here and nowhere else.
    static let commands: [any Command.Type] = [
        DemoCommand.self, TalkCommand.self, CallCommand.self, HearCommand.self, UnderstandCommand.self,
        TestCommand.self,
        SayCommand.self,
        ServeCommand.self, StatusCommand.self,
        CheckCommand.self, KioskTuneCommand.self,
        CatalogImportCommand.self, CatalogListCommand.self, CatalogSearchCommand.self,
        OrdersListCommand.self, OrdersShowCommand.self, OrdersSetStatusCommand.self, OrdersRefundCommand.self,
        CustomersListCommand.self, CustomersShowCommand.self, CustomersSetPINCommand.self,
        CustomersSaveCardCommand.self,
        CallbacksListCommand.self, OutboxListCommand.self, OutboxRetryCommand.self, OutboxSendCommand.self,
        BackupCommand.self,
        ReportCommand.self,
        PrivacyPolicyCommand.self, PrivacyExportCommand.self, PrivacyEraseCommand.self, PrivacySweepCommand.self,
        PrivacyRecordingCommand.self, PrivacyRotateKeyCommand.self, PrivacyAuditCommand.self,
        BenchCommand.self,
        HelpCommand.self,
    ]

    static func main() async {
        // A reader that goes away, as in `rozmova orders list | head -1`, shows as a failed write: see `Console`.
        signal(SIGPIPE, SIG_IGN)
        ProcessGuard.leaveNoDumps()
        exit(await run(Array(CommandLine.arguments.dropFirst())))
    }

    private static func run(_ words: [String]) async -> Int32 {
        do {
            let (command, rest) = try CommandFinder(commands: commands).find(words)
            guard let arguments = try Arguments(rest, of: command.usage) else {
                Console.line(HelpText.command(command.usage))
                return 0
            }
            try await command.run(arguments)
            return 0
        } catch let error as UsageError {
            Console.error(error.description)
            return 2
        } catch let error as Failure {
            if let message = error.message { Console.error("rozmova: \(message)") }
            return 1
        } catch {
            Console.error("rozmova: \(Reason.of(error))")
            return 1
        }
    }
}
