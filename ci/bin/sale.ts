import '../verify/sale/sale-command.ts';
